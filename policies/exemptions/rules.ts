import { type RunRule, stackType } from "../run/run-rule";
import { judged, notApplicable, violation } from "../verdict";
import { type Exemption, exemptionDays } from "./exemption";

const base = { topic: "governance", ids: [] } as const;

export const exemptionsValid: RunRule = {
  ...base,
  name: "exemptions-valid",
  displayName: "Every exemption holds",
  description: "Every entry of exemptions.yaml is well formed, approved, signed and not expired.",
  severity: "critical",
  remediationSteps:
    "Mend or remove the entry; an approver who is not its owner signs it with npx switchyard exemption sign.",
  at: [stackType],
  async evaluate({ urn }, run) {
    if (run.exemptsNothing) return notApplicable("nothing is exempted");
    const { faults } = await run.ledger();
    return judged(
      faults.map(({ entry, message }) => violation(urn, `exemptions.yaml, ${entry}: ${message}`)),
    );
  },
};

export const exemptionsNotExpiring: RunRule = {
  ...base,
  name: "exemptions-not-expiring",
  displayName: "No exemption ends within days",
  description: `No exemption ends within ${exemptionDays.announced} days; then what it exempts refuses the run.`,
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps: "Mend what is exempted, or have a new exemption approved before the last day.",
  at: [stackType],
  async evaluate({ urn }, run) {
    if (run.exemptsNothing) return notApplicable("nothing is exempted");
    const { exemptions } = await run.ledger();
    const ending = exemptions.filter(({ daysLeft }) => daysLeft <= exemptionDays.announced);
    return judged(ending.map((exemption) => violation(urn, endingText(exemption))));
  },
};

export const exemptionsListed: RunRule = {
  ...base,
  name: "exemptions-listed",
  displayName: "What is exempted is listed",
  description: "Each violation that an exemption covers is listed in every run.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps: "Mend what is exempted and remove the entry.",
  async evaluate(_, run) {
    if (run.exemptsNothing) return notApplicable("nothing is exempted");
    const { uses } = await run.ledger();
    return judged(uses.map(({ exemption, urn }) => violation(urn, useText(exemption))));
  },
};

export const exemptionsUsed: RunRule = {
  ...base,
  name: "exemptions-used",
  displayName: "Every exemption is needed",
  description: "Every exemption covers something; one that covers nothing is removed.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps: "Remove the entry from exemptions.yaml, or correct its pattern and have it signed again.",
  async evaluate({ urn }, run) {
    if (run.exemptsNothing) return notApplicable("nothing is exempted");
    const { unused } = await run.ledger();
    return judged(
      unused.map(({ rule, resource, ticket }) =>
        violation(urn, `the exemption of ${rule} on ${resource} (${ticket}) covers nothing in this stack`),
      ),
    );
  },
};

/** Reports read the parts of it back (reports/exempted.ts): the engine's events carry nothing but text. */
export function useText({ rule, expires, approver, ticket, reason }: Exemption): string {
  return `${rule}: exempted until ${expires} by ${approver}: ${ticket}, ${reason}`;
}

function endingText({ rule, resource, expires, daysLeft, ticket, owner }: Exemption): string {
  const when = daysLeft === 0 ? "today" : daysLeft === 1 ? "tomorrow" : `in ${daysLeft} days`;
  return `the exemption of ${rule} on ${resource} ends ${when}, on ${expires} (${ticket}, owner ${owner})`;
}
