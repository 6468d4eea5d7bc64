import type { RuleDescription } from "../../reports/model";
import type { DriftCheck } from "./finding";

/** What is looked for, in the words of the reports: every format that lists verdicts lists these. */
export const driftRules: Readonly<Record<DriftCheck, RuleDescription>> = {
  azure: {
    name: "azure-as-recorded",
    title: "Azure is as it was recorded",
    description: "Every recorded Azure resource exists and has the inputs that were declared.",
    level: "mandatory",
    severity: "high",
    topic: "drift",
    ids: [],
    remediation:
      "Find out who changed it and why. To keep the change, declare it. To take it back: pulumi refresh --target URN --stack STACK, then switchyard up --stack STACK; a site or slot is never refreshed, there set the field back by hand.",
    url: "docs/drift.md",
  },
  kubernetes: {
    name: "kubernetes-as-recorded",
    title: "Kubernetes is as it was recorded",
    description:
      "Every recorded object exists, has the fields that were declared, and nobody else wrote to it.",
    level: "mandatory",
    severity: "high",
    topic: "drift",
    ids: [],
    remediation:
      "Find out who changed it and why. To keep the change, declare it. To take it back: pulumi refresh --target URN --stack STACK, then switchyard up --stack STACK.",
    url: "docs/drift.md",
  },
  undeclared: {
    name: "nothing-undeclared",
    title: "Nothing is there that nobody declared",
    description:
      "No resource, role assignment or lock in the stack's resource groups, no firewall rule of its SQL servers, and no object with the stack's labels, is outside of the program.",
    level: "mandatory",
    severity: "medium",
    topic: "drift",
    ids: [],
    remediation:
      "Remove it, or declare it. What another stack declares in this one's groups shows as well (docs/drift.md).",
    url: "docs/drift.md",
  },
};
