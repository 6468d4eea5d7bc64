import { taggable } from "../../azure/taggable";
import { judgeEach } from "../../decide";
import { isPlaceholder } from "../../placeholder";
import { describe, requiredText } from "../../read";
import { environmentOfResource } from "../../resource";
import { resourceRule } from "../../rule";
import { judged, violation } from "../../verdict";

const requiredTagNames = ["system", "environment", "owner", "costCenter", "managedBy"] as const;

export const requiredTags = resourceRule({
  name: "required-tags",
  topic: "governance",
  displayName: "Every resource says whose it is",
  description:
    "Every resource that can carry tags has the required ones, and its environment is the stack's.",
  severity: "medium",
  ids: ["KIR-008", "KIR-028"],
  remediationSteps: `Declare the tags ${requiredTagNames.join(", ")}.`,
  types: taggable,
  evaluate(resource) {
    const environment = environmentOfResource(resource);
    return judged(
      judgeEach(
        requiredTagNames,
        () => resource.urn,
        (name) => {
          const value = requiredText(resource, `tags.${name}`);
          if (name === "environment" && value !== environment) {
            return [
              violation(resource.urn, `tags.environment must be "${environment}", found ${describe(value)}`),
            ];
          }
          return value.trim() === "" || (name === "managedBy" && isPlaceholder(value))
            ? [violation(resource.urn, `tags.${name} must not be empty`)]
            : [];
        },
      ),
    );
  },
});
