import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { colourTracksOf } from "../../kubernetes/declared-sides";
import { describe, optional, required, requiredText } from "../../read";
import { violation } from "../../verdict";

export const trackServicePort = clusterRule({
  name: "track-service-port",
  topic: "kubernetes",
  displayName: "Callers find the active Service where the runbook says",
  description:
    "A track that switches a Service has the component's name and the contract's port, and passes on to the pods' port of that name.",
  severity: "high",
  ids: ["RET-142"],
  remediationSteps: "Take service and port of the track from the contract's component.",
  judge: ({ components }, view) =>
    judgeEach(
      components.flatMap(({ name, servicePort }) =>
        servicePort === undefined ? [] : [{ name, servicePort }],
      ),
      () => view.urn,
      ({ name, servicePort }) => {
        const track = colourTracksOf(view).find(
          (candidate) =>
            optional(candidate, "target.kind") === "selector" &&
            optional(candidate, `target.components.${name}`) !== undefined,
        );
        // That it is missing is for track-for-each-switch to say.
        if (!track) return [];
        return judgeEach(
          ["target.service", "target.ports.0.port", "target.ports.0.targetPort"] as const,
          () => track.urn,
          (path) => {
            const wanted =
              path === "target.service" ? name : path === "target.ports.0.port" ? servicePort : "http";
            const found = path === "target.service" ? requiredText(track, path) : required(track, path);
            if (found === wanted) return [];
            return [violation(track.urn, `${path} must be ${wanted}, found ${describe(found)}`)];
          },
        );
      },
    ),
});
