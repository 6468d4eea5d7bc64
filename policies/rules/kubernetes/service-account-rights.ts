import { kubernetesBenchmark } from "../../frameworks";
import { kubernetes } from "../../kubernetes/types";
import { describe, listAt, objectsAt, optional, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

/** Rights by which their holder gets every other. */
const handsOver: ReadonlySet<unknown> = new Set(["*", "bind", "escalate", "impersonate"]);
const reads: ReadonlySet<unknown> = new Set(["get", "list", "watch"]);

export const serviceAccountRights = resourceRule({
  name: "service-account-rights",
  topic: "kubernetes",
  displayName: "Nothing in the cluster rules it",
  description:
    "A role names resources and verbs, reads no Secrets and hands on no rights; nobody is bound to cluster-admin.",
  severity: "critical",
  ids: [],
  framework: kubernetesBenchmark("5.1.1"),
  remediationSteps:
    "Name the resources and verbs that the program needs; people get Azure roles on the cluster.",
  types: [kubernetes.role, kubernetes.clusterRole, kubernetes.roleBinding, kubernetes.clusterRoleBinding],
  evaluate: (resource) =>
    judged(
      resource.type === kubernetes.role || resource.type === kubernetes.clusterRole
        ? judgeRole(resource)
        : judgeBinding(resource),
    ),
});

function judgeRole(role: DeclaredResource): readonly Finding[] {
  const aggregated =
    optional(role, "aggregationRule") === undefined
      ? []
      : [violation(role.urn, "aggregationRule must not be declared: others would add to its rights")];
  const rules = objectsAt(role, "rules").flatMap((_rule, index) => {
    const path = `rules.${index}`;
    const [verbs, resources, groups] = ["verbs", "resources", "apiGroups"].map((list) =>
      listAt(role, `${path}.${list}`),
    ) as [readonly unknown[], readonly unknown[], readonly unknown[]];
    return [
      ...verbs
        .filter((verb) => handsOver.has(verb))
        .map((verb) => violation(role.urn, `${path}.verbs must not hold ${describe(verb)}`)),
      ...(resources.includes("*") || groups.includes("*")
        ? [violation(role.urn, `${path} must name its resources: it holds a wildcard`)]
        : []),
      ...(resources.includes("secrets") && verbs.some((verb) => reads.has(verb))
        ? [violation(role.urn, `${path} must not read secrets: the vault's driver brings them`)]
        : []),
    ];
  });
  return [...aggregated, ...rules];
}

function judgeBinding(binding: DeclaredResource): readonly Finding[] {
  const role = requiredText(binding, "roleRef.name");
  const everybody = objectsAt(binding, "subjects").filter(({ name }) =>
    ["system:authenticated", "system:unauthenticated", "system:anonymous", "system:serviceaccounts"].includes(
      String(name),
    ),
  );
  return [
    ...(["cluster-admin", "admin", "edit"].includes(role)
      ? [violation(binding.urn, `roleRef.name must not be ${role}`)]
      : []),
    ...everybody.map(() => violation(binding.urn, "subjects must not hold everybody")),
  ];
}
