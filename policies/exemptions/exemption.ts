/** What an approver signs. Dates are days in UTC, `2026-12-31`. */
export interface ExemptionFields {
  /** Name of the rule. */
  readonly rule: string;
  /** Pattern of URNs: `*` stands for anything within a part, `**` across parts. */
  readonly resource: string;
  readonly reason: string;
  /** Who answers for the resource and asked for the exemption. */
  readonly owner: string;
  /** Person of the trust root with the role `policy-approver`; never the owner. */
  readonly approver: string;
  readonly ticket: string;
  readonly created: string;
  /** Last day on which it holds. */
  readonly expires: string;
}

/** An exemption that was verified and holds today. */
export interface Exemption extends ExemptionFields {
  /** Whole days until it ends; 0 on its last one. */
  readonly daysLeft: number;
  matches(urn: string): boolean;
}

export const exemptionPayloadType = "application/vnd.switchyard.exemption+json";
export const approverRole = "policy-approver";
/** Longest that an exemption may hold after it was created, and from when on its end is announced. */
export const exemptionDays = { cap: 90, announced: 7 } as const;
