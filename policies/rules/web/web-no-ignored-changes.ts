import { azure } from "../../azure/types";
import { resourceRule } from "../../rule";
import { judged, violation } from "../../verdict";

export const webNoIgnoredChanges = resourceRule({
  name: "web-no-ignored-changes",
  topic: "web",
  displayName: "No ignored changes under a site's configuration",
  description:
    "A site does not ignore changes of its configuration: the old value would be sent again, an old ramp weight with it.",
  severity: "high",
  ids: ["KIR-003", "KIR-073"],
  remediationSteps: "Drop the entries from ignoreChanges; leave out of the program what the release owns.",
  types: [azure.site, azure.slot],
  evaluate: (site) =>
    judged(
      site.ignoreChanges
        .filter((path) => path === "*" || /^\[?"?siteConfig\b/.test(path))
        .map((path) => violation(site.urn, `ignoreChanges must not hold ${path}`)),
    ),
});
