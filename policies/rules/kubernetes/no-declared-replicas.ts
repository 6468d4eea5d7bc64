import { kubernetes } from "../../kubernetes/types";
import { forbiddenPropertyRule } from "../../property-rule";

export const noDeclaredReplicas = forbiddenPropertyRule({
  name: "no-declared-replicas",
  topic: "kubernetes",
  displayName: "The program does not scale a colour",
  description: "The number of a Deployment's pods is never declared: release and autoscaler own it.",
  severity: "critical",
  ids: ["RET-071", "RET-081", "CAS-090", "STO-066"],
  conflicts: [5],
  remediationSteps: "Drop spec.replicas; minReplicas of the autoscaler is the size of a live colour.",
  types: [kubernetes.deployment],
  parent: "spec",
  names: ["replicas"],
  because: "an update would start the idle colour or shrink the live one",
});
