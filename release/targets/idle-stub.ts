import type { Colour, GatewayTarget, SelectorTarget } from "../../runbooks/target";
import type { Json } from "./json";
import { colourLabel, releaseFieldManager } from "./marks";

/** Never pulled: a stub has no pods. */
export const stubImage = `registry.invalid/not-deployed@sha256:${"0".repeat(64)}`;

/**
 * A Deployment without pods that stands in for an idle side's until the program declares it: a new Deployment without
 * declared replicas would start one pod at once. Selector and container's name are those that the program declares, as
 * neither could be replaced afterwards. docs/adr/0061.
 */
export function idleStub(
  target: SelectorTarget | GatewayTarget,
  system: string,
  component: string,
  colour: Colour,
): Json {
  const labels = { app: component, [colourLabel]: colour };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: target.components[component]![colour],
      namespace: target.namespace,
      labels: { ...labels, "app.kubernetes.io/part-of": system },
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: component, image: stubImage }] },
      },
    },
  };
}

/**
 * Leaves the replicas alone to the release and everything else to whoever applies it next. With no owner at all the API
 * server would count the whole stub as owned by "before-first-apply", and every apply would conflict.
 *
 * @param at ISO 8601 to the second
 */
export function stubOwnership(at: string): Json {
  const scale = {
    manager: releaseFieldManager,
    operation: "Update",
    subresource: "scale",
    apiVersion: "apps/v1",
    time: at,
    fieldsType: "FieldsV1",
    fieldsV1: { "f:spec": { "f:replicas": {} } },
  };
  return { metadata: { managedFields: [scale] } };
}
