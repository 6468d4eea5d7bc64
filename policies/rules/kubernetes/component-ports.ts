import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { colourName } from "../../kubernetes/cluster-systems";
import { declaredColours, objectNamed } from "../../kubernetes/declared-sides";
import { podPath } from "../../kubernetes/pods";
import { kubernetes } from "../../kubernetes/types";
import { describe, required } from "../../read";
import { violation } from "../../verdict";

export const componentPorts = clusterRule({
  name: "component-ports",
  topic: "kubernetes",
  displayName: "Both colours listen where the runbook says",
  description:
    "The first container of every colour of a component, and its Service, have the contract's port.",
  severity: "high",
  ids: ["STO-067", "STO-068"],
  conflicts: [5, 59],
  remediationSteps:
    "Take the port from the contract's component; colours share it, since pods have own addresses.",
  judge: ({ components }, view) =>
    judgeEach(
      declaredColours(view).flatMap((colour) =>
        components.flatMap(({ name, port }) => [
          { name: colourName(name, colour), port, type: kubernetes.deployment },
          { name: colourName(name, colour), port, type: kubernetes.service },
        ]),
      ),
      ({ name, type }) => objectNamed(view, type, name)?.urn ?? view.urn,
      ({ name, port, type }) => {
        const object = objectNamed(view, type, name);
        // That it is missing is for side-whole to say.
        if (!object) return [];
        const path =
          type === kubernetes.service
            ? "spec.ports.0.port"
            : podPath(object, "spec.containers.0.ports.0.containerPort");
        const found = required(object, path);
        return found === port
          ? []
          : [violation(object.urn, `${path} must be ${port}, found ${describe(found)}`)];
      },
    ),
});
