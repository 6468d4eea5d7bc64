import type { NodeSelectorRequirement, NodeSelectorTerm, Pod } from "./pod";

/** Whether a pod waits for somebody to bind it. */
export function waitsForBinding({ metadata, spec }: Pod): boolean {
  return (
    !spec.nodeName &&
    (spec.schedulingGates ?? []).length === 0 &&
    metadata.deletionTimestamp === undefined &&
    (spec.schedulerName ?? "default-scheduler") === "default-scheduler"
  );
}

/** Why the one node does not suit a pod, in the scheduler's words; undefined when it does. */
export function unsuitable(
  { spec }: Pod,
  nodeName: string,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const selected = Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const liked = terms === undefined || terms.some((term) => matchesTerm(term, nodeName, labels));
  if (selected && liked) return undefined;
  return "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
}

function matchesTerm(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  nodeName: string,
  labels: Readonly<Record<string, string>>,
): boolean {
  // An empty term matches nothing, says the API.
  if (matchExpressions.length + matchFields.length === 0) return false;
  const fields = { "metadata.name": nodeName };
  return (
    matchExpressions.every((each) => matches(each, labels)) &&
    matchFields.every((each) => matches(each, fields))
  );
}

function matches(
  { key, operator, values = [] }: NodeSelectorRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
  }
}
