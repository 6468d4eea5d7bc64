/** What the process answers, as docs/architecture.md lists it. */
export const exitCodes = { done: 0, refused: 1, usage: 2, onHold: 3 } as const;

/** Options that do not go together, which only the command can tell: exit code 2, as of what the parser refuses. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly mend: string | undefined;

  constructor(message: string, { mend }: { readonly mend?: string } = {}) {
    super(message);
    this.mend = mend;
  }
}

/** A release waits for a person, and nothing moves until then: exit code 3; the message is the last line. */
export class OnHold extends Error {
  override readonly name = "OnHold";
}

/** The command ran and the answer is no: the report is printed already, the message is the last line. */
export class Refused extends Error {
  override readonly name = "Refused";
}
