/**
 * Something that the user can mend: printed without a stack. The message says what was wrong, the value received and
 * what is allowed; `mend` says what to do. Everything else that is thrown is a bug.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly mend: string | undefined;
  /** Whether the same may succeed a little later: a busy service, a conflict, a network that was away. */
  readonly retriable: boolean;

  constructor(message: string, options: { mend?: string; cause?: unknown; retriable?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.mend = options.mend;
    this.retriable = options.retriable ?? false;
  }
}
