import type { PolicyVerdict } from "./model";

/** A violation that an approver lets stand for a while. */
export interface Exempted {
  readonly rule: string;
  /** The resource. */
  readonly urn: string;
  /** Last day on which it is let stand, `2026-12-31`. */
  readonly until: string;
  readonly approver: string;
  readonly ticket: string;
  readonly reason: string;
}

/** The pack's advisory rule that lists them: the engine's events have no other way to carry them. */
const listing = "exemptions-listed";
const use = /(?:^|\n)([a-z0-9-]+): exempted until (\d{4}-\d\d-\d\d) by ([^\s,]+): ([^\s,]+), ([^\n]+)$/;

/** Tells what is exempted from what the policies found; a line of another form stays a finding. */
export function takeExempted(policies: readonly PolicyVerdict[]): {
  readonly exempted: readonly Exempted[];
  readonly policies: readonly PolicyVerdict[];
} {
  const exempted: Exempted[] = [];
  const left: PolicyVerdict[] = [];
  for (const verdict of policies) {
    const found = verdict.rule === listing && verdict.verdict === "fail" ? exemptedIn(verdict) : undefined;
    if (found) exempted.push(found);
    else left.push(verdict);
  }
  return { exempted, policies: left };
}

function exemptedIn({ urn, message }: PolicyVerdict): Exempted | undefined {
  const [, rule, until, approver, ticket, reason] = use.exec(message) ?? [];
  if (!rule || !until || !approver || !ticket || !reason) return undefined;
  return { rule, urn, until, approver, ticket, reason };
}

/** `until 2026-12-31 by alice: OPS-4711, reason`. */
export function exemptedText({ until, approver, ticket, reason }: Exempted): string {
  return `until ${until} by ${approver}: ${ticket}, ${reason}`;
}
