import { judgeEach } from "../../decide";
import { kubernetes } from "../../kubernetes/types";
import { describe, mapAt, optional, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { platform } from "../../systems";
import { type Finding, judged, violation } from "../../verdict";

const { charts } = platform.contract;

/** Inputs that change what a chart makes, beside its values. */
const otherWays = ["devel", "postrender", "valueYamlFiles"] as const;

export const chartPinned = resourceRule({
  name: "chart-pinned",
  topic: "kubernetes",
  displayName: "A chart is the platform's own, in the version that was tested",
  description:
    "A Helm release is a chart of the platform's contract in its exact version, from its repository, with the values that the platform sets and its images by digest; it is taken back when it fails.",
  severity: "high",
  ids: ["RET-107"],
  remediationSteps:
    "Declare chart, version, repositoryOpts.repo and values as runbooks/charts.ts has them, and atomic: true. Another chart is added there once its objects were read: no rule sees them.",
  types: [kubernetes.helmRelease],
  evaluate: (release) =>
    judged(
      judgeEach(
        [judgeChart, judgeValues, judgeImages, judgeAtomic],
        () => release.urn,
        (judge) => judge(release),
      ),
    ),
});

function chartOf(release: DeclaredResource) {
  const name = requiredText(release, "chart");
  return charts.find(({ chart }) => chart === name);
}

function judgeChart(release: DeclaredResource): readonly Finding[] {
  const known = chartOf(release);
  if (!known) {
    const names = charts.map(({ chart }) => chart).join(" or ");
    return [violation(release.urn, `chart must be ${names}, found ${describe(optional(release, "chart"))}`)];
  }
  return judgeEach(
    [
      ["version", known.version],
      ["repositoryOpts.repo", known.repo],
    ] as const,
    () => release.urn,
    ([path, wanted]) => {
      const found = requiredText(release, path);
      return found === wanted
        ? []
        : [violation(release.urn, `${path} must be ${wanted}, found ${describe(found)}`)];
    },
  );
}

function judgeValues(release: DeclaredResource): readonly Finding[] {
  const { values = [], images = {} } = chartOf(release) ?? {};
  const allowed = [
    ...values.map((path) => `values.${path}`),
    ...Object.values(images).flatMap((path) => [`values.${path}.repository`, `values.${path}.digest`]),
  ];
  return [
    ...surplus(release, "values", allowed).map((path) =>
      violation(release.urn, `${path} is not one that the platform sets`),
    ),
    ...otherWays
      .filter((path) => optional(release, path) !== undefined)
      .map((path) => violation(release.urn, `${path} must not be declared: it changes what the chart makes`)),
  ];
}

/** Paths below one that are neither allowed nor on the way to what is. */
function surplus(release: DeclaredResource, path: string, allowed: readonly string[]): readonly string[] {
  if (optional(release, path) === undefined) return [];
  return Object.keys(mapAt(release, path)).flatMap((key) => {
    const inner = `${path}.${key}`;
    if (allowed.includes(inner)) return [];
    return allowed.some((each) => each.startsWith(`${inner}.`)) ? surplus(release, inner, allowed) : [inner];
  });
}

/** What the chart names itself are tags, and a tag moves. */
function judgeImages(release: DeclaredResource): readonly Finding[] {
  return judgeEach(
    Object.values(chartOf(release)?.images ?? {}),
    () => release.urn,
    (path) => {
      requiredText(release, `values.${path}.repository`);
      const digest = requiredText(release, `values.${path}.digest`);
      if (/^sha256:[0-9a-f]{64}$/.test(digest)) return [];
      return [violation(release.urn, `values.${path}.digest must be sha256:…, found ${describe(digest)}`)];
    },
  );
}

function judgeAtomic(release: DeclaredResource): readonly Finding[] {
  const found = required(release, "atomic");
  return found === true ? [] : [violation(release.urn, `atomic must be true, found ${describe(found)}`)];
}
