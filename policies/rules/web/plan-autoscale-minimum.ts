import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { describe, objectsAt, required } from "../../read";
import { environmentOfResource } from "../../resource";
import { resourceRule } from "../../rule";
import { judged, violation } from "../../verdict";

/** As many as a plan that spreads over zones has at least (`plan-zone-redundant`). */
const fewest = { dev: 1, staging: 1, production: 2 } as const;

export const planAutoscaleMinimum = resourceRule({
  name: "plan-autoscale-minimum",
  topic: "web",
  displayName: "Scaling down leaves a plan in more than one zone",
  description:
    "No profile of an autoscale setting lets its target shrink below what survives the loss of a zone.",
  severity: "high",
  ids: ["KIR-001", "KIR-019", "TES-112"],
  remediationSteps: `Declare profiles.N.capacity.minimum and .default of at least ${fewest.production} in production.`,
  types: [azure.autoscaleSetting],
  evaluate(setting) {
    required(setting, "profiles.0");
    const least = fewest[environmentOfResource(setting)];
    return judged(
      judgeEach(
        [...objectsAt(setting, "profiles").keys()].flatMap((index) =>
          ["minimum", "default"].map((bound) => `profiles.${index}.capacity.${bound}`),
        ),
        () => setting.urn,
        (path) => {
          // Azure writes these numbers as texts.
          const found = required(setting, path);
          if (/^\d+$/.test(String(found)) && Number(found) >= least) return [];
          return [violation(setting.urn, `${path} must be at least ${least}, found ${describe(found)}`)];
        },
      ),
    );
  },
});
