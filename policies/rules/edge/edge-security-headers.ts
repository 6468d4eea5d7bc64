import { comparableId } from "../../azure/arm-id";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { objectsAt, optional, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import type { SystemView } from "../../stack-view";
import { type Finding, violation } from "../../verdict";

/** Half a year, as browsers' lists ask for at least; the program declares a whole one. */
const shortestSeconds = 15_768_000;

/** What must be said to browsers with every answer (OWASP Secure Headers Project). */
const wanted: Readonly<Record<string, (value: string) => boolean>> = {
  "strict-transport-security": (value) => Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0) >= shortestSeconds,
  "x-content-type-options": (value) => value === "nosniff",
  "x-frame-options": (value) => value === "DENY" || value === "SAMEORIGIN",
  "referrer-policy": (value) => value !== "unsafe-url" && value !== "",
};

export const edgeSecurityHeaders = clusterRule({
  name: "edge-security-headers",
  topic: "edge",
  displayName: "Browsers are told to be careful",
  description:
    "Every route of a system sets HSTS, the other security headers, and those of the contract, on all answers.",
  severity: "high",
  ids: ["STO-060", "STO-048"],
  remediationSteps:
    "Hang the rule set with the headers on the route; each rule overwrites, without a condition.",
  judge({ headers }, view) {
    const routes = view.ofType(azure.edgeRoute);
    if (routes.length === 0) return [violation(view.urn, "no route of the edge is declared")];
    return judgeEach(
      routes,
      (route) => route.urn,
      (route) => judgeRoute(view, route, headers),
    );
  },
});

function judgeRoute(
  view: SystemView,
  route: DeclaredResource,
  ofContract: Readonly<Record<string, string>>,
): readonly Finding[] {
  const sets = new Set(
    objectsAt(route, "ruleSets").map((_set, index) =>
      comparableId(requiredText(route, `ruleSets.${index}.id`))
        .split("/")
        .at(-1),
    ),
  );
  const values = new Map<string, string>();
  for (const rule of view.ofType(azure.edgeRule)) {
    if (!sets.has(requiredText(rule, "ruleSetName").toLowerCase())) continue;
    if (objectsAt(rule, "conditions").length > 0) continue;
    for (const [name, value] of overwrittenHeaders(rule)) values.set(name, value);
  }
  const missing = Object.entries(wanted)
    .filter(([name, accepts]) => !accepts(values.get(name) ?? ""))
    .map(([name]) => violation(route.urn, `ruleSets must set the header ${name} on every answer`));
  const different = Object.entries(ofContract)
    .filter(([name, value]) => values.get(name.toLowerCase()) !== value)
    .map(([name]) => violation(route.urn, `ruleSets must set the header ${name} as the contract has it`));
  return [...missing, ...different];
}

function overwrittenHeaders(rule: DeclaredResource): readonly (readonly [string, string])[] {
  return objectsAt(rule, "actions").flatMap((action, index) => {
    const parameters = `actions.${index}.parameters`;
    if (action.name !== "ModifyResponseHeader") return [];
    if (optional(rule, `${parameters}.headerAction`) !== "Overwrite") return [];
    return [
      [
        requiredText(rule, `${parameters}.headerName`).toLowerCase(),
        requiredText(rule, `${parameters}.value`),
      ] as const,
    ];
  });
}
