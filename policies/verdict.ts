/** One thing that a rule holds against a resource. Never holds a property's value unless `describe` made it. */
export interface Finding {
  /**
   * `violation`: the rule was broken. `undecided`: the rule could not be decided (a value is not known in preview, or
   * the rule itself failed); it counts like a violation, because a check that did not run has not been passed.
   */
  readonly kind: "violation" | "undecided";
  readonly message: string;
  /** Resource that the finding is about. */
  readonly urn: string;
}

/** What a rule answers: it has nothing to say here, and why; or everything that it found (nothing: passed). */
export type Judgement =
  | { readonly applies: false; readonly reason: string }
  | { readonly applies: true; readonly findings: readonly Finding[] };

/** Messages of undecided findings begin with this; reports tell them from violations by it. */
export const undecidedPrefix = "could not be decided: ";

export function notApplicable(reason: string): Judgement {
  return { applies: false, reason };
}

export function judged(findings: readonly Finding[]): Judgement {
  return { applies: true, findings };
}

export const passed: Judgement = judged([]);

export function violation(urn: string, message: string): Finding {
  return { kind: "violation", urn, message };
}

export function undecided(urn: string, message: string): Finding {
  return { kind: "undecided", urn, message: undecidedPrefix + message };
}
