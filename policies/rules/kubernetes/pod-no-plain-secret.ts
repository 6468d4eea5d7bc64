import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { plainSecret } from "../../kubernetes/plain-secrets";
import { containersOf, podMakers } from "../../kubernetes/pods";
import { kubernetes } from "../../kubernetes/types";
import { isKnown, listAt, mapAt, objectsAt, optional, requiredText, WrongTypeError } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { secretInText } from "../../secret-detection";
import { type Finding, judged, violation } from "../../verdict";

/** Addresses that Azure makes up: the first preview cannot know them, and the update judges them before it uses them. */
const madeUpByAzure = /_ENDPOINT$/;

export const podNoPlainSecret = resourceRule({
  name: "pod-no-plain-secret",
  topic: "kubernetes",
  displayName: "No secret in clear in what pods are made from",
  description:
    "No environment variable, command line or ConfigMap holds a secret: it comes from the vault by secretKeyRef.",
  severity: "critical",
  ids: ["STO-046", "CAS-029", "RET-019", "RET-021", "RET-023"],
  framework: benchmark("IM-8"),
  remediationSteps:
    "Put the value into the vault and let the component's secrets name it; the variable becomes a secretKeyRef.",
  types: [kubernetes.configMap, ...podMakers],
  evaluate: (resource) =>
    judged(
      resource.type === kubernetes.configMap
        ? judgeConfigMap(resource)
        : judgeEach(
            containersOf(resource),
            () => resource.urn,
            (container) => [...judgeVariables(resource, container), ...judgeCommand(resource, container)],
          ),
    ),
});

function judgeConfigMap(map: DeclaredResource): readonly Finding[] {
  if (optional(map, "data") === undefined) return [];
  const data = mapAt(map, "data");
  return judgeEach(
    Object.keys(data),
    () => map.urn,
    (key) => {
      const value = data[key];
      if (typeof value !== "string") throw new WrongTypeError(`data.${key}`, "a text", value);
      // A key with an extension is a file: text with words of every kind in it.
      const reason = /\.\w+$/.test(key) ? secretInText(value) : plainSecret(key, value);
      return reason ? [violation(map.urn, `data.${key} must come from the vault: ${reason}`)] : [];
    },
  );
}

function judgeVariables(maker: DeclaredResource, container: string): readonly Finding[] {
  const fromSecrets = objectsAt(maker, `${container}.envFrom`).flatMap((source, index) =>
    source.secretRef === undefined
      ? []
      : [violation(maker.urn, `${container}.envFrom.${index} must name single keys, not a whole Secret`)],
  );
  const literals = judgeEach(
    objectsAt(maker, `${container}.env`).map((_variable, index) => `${container}.env.${index}`),
    () => maker.urn,
    (path) => {
      const name = requiredText(maker, `${path}.name`);
      if (madeUpByAzure.test(name) && !isKnown(maker, `${path}.value`)) return [];
      const value = optional(maker, `${path}.value`);
      if (value === undefined) return [];
      const reason = plainSecret(name, String(value));
      return reason ? [violation(maker.urn, `${path} (${name}) must be a secretKeyRef: ${reason}`)] : [];
    },
  );
  return [...fromSecrets, ...literals];
}

function judgeCommand(maker: DeclaredResource, container: string): readonly Finding[] {
  return ["command", "args"].flatMap((list) =>
    listAt(maker, `${container}.${list}`).flatMap((part, index) => {
      const reason = secretInText(String(part));
      return reason ? [violation(maker.urn, `${container}.${list}.${index} holds a secret: ${reason}`)] : [];
    }),
  );
}
