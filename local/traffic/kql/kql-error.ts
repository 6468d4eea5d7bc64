interface Place {
  readonly line: number;
  /** From 0, in the line. */
  readonly position: number;
  readonly token: string;
}

/** A query that cannot be run, and where. */
export class KqlError extends Error {
  readonly line: number;
  readonly position: number;
  readonly token: string;

  constructor(message: string, { line, position, token }: Place) {
    super(`${message} (line ${line}, position ${position}, at '${token}')`);
    this.line = line;
    this.position = position;
    this.token = token;
  }
}
