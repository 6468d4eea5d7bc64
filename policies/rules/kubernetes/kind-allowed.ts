import { resourceRule } from "../../rule";
import { judged, notApplicable, passed, violation } from "../../verdict";

/** Kinds, of whatever group and version, that no program declares, and why. */
const banned: ReadonlyMap<string, string> = new Map([
  ["Ingress", "hosts are routed by the gateway behind the edge"],
  [
    "PersistentVolumeClaim",
    "a StatefulSet makes its own; one beside it would be deleted with the program's text",
  ],
  ["Job", "a release makes Jobs from suspended CronJobs; one that an update makes runs at once"],
  ["Pod", "nothing would make it again"],
  ["ReplicaSet", "a Deployment makes its own"],
  ["ReplicationController", "a Deployment takes its place"],
  ["DaemonSet", "what runs on every node is the platform's add-ons"],
  ["Secret", "its value would stand in the program and its state; the vault's driver brings values"],
  ["CustomResourceDefinition", "add-ons and charts bring their own"],
]);

export const kindAllowed = resourceRule({
  name: "kind-allowed",
  topic: "kubernetes",
  displayName: "No object that would bypass release, edge or vault",
  description: `No stack declares ${[...banned.keys()].join(", ")}.`,
  severity: "critical",
  ids: ["RET-031", "STO-057", "STO-066", "RET-117"],
  conflicts: [11],
  remediationSteps: "Declare what the message names in its place.",
  types: "*",
  evaluate(resource) {
    if (!resource.type.startsWith("kubernetes:")) return notApplicable("looks at the cluster only");
    const because = banned.get(kindOf(resource.type));
    return because === undefined
      ? passed
      : judged([violation(resource.urn, `${kindOf(resource.type)} must not be declared: ${because}`)]);
  },
});

/** A list of a kind, and a patch of an object, are as good as the kind itself. */
function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1).replace(/(?:List|Patch)$/, "");
}
