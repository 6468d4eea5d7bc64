import type { Colour } from "../../runbooks/target";

/** Label whose value is the colour; the active Service's selector names it (RET-069). */
export const colourLabel = "deployment";

const longestLabelValue = 63;

export interface LabelSource {
  readonly system: string;
  readonly component: string;
  readonly environment: string;
}

/** Labels of every object of a system. They hold no version: labels of pods that a selector names cannot change. */
export function labelsOf({ system, component, environment }: LabelSource): Record<string, string> {
  return {
    app: component,
    "app.kubernetes.io/name": component,
    "app.kubernetes.io/part-of": system,
    "app.kubernetes.io/managed-by": "pulumi",
    "switchyard.dev/environment": environment,
  };
}

/** What selects the pods of one colour of a component. Deployments keep it for life: a selector cannot be changed. */
export function selectorOf(component: string, colour: Colour): Record<string, string> {
  return { app: component, [colourLabel]: colour };
}

/** Name of everything that a component has once per colour. */
export function colourName(component: string, colour: Colour): string {
  return `${component}-${colour}`;
}

/** A text as the value of a label: other characters become hyphens, the rest is cut. */
export function labelValue(text: string): string {
  return text
    .replace(/[^A-Za-z0-9._-]/g, "-")
    .slice(0, longestLabelValue)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}
