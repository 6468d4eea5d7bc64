import { KqlError } from "./kql-error";
import { type Token, tokens } from "./lexer";

/** Reads the tokens of a query one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  get next(): Token {
    return this.#tokens[this.#at]!;
  }

  get after(): Token {
    return this.#tokens[this.#at + 1] ?? this.next;
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  is(...texts: readonly string[]): boolean {
    return (this.next.kind === "symbol" || this.next.kind === "name") && texts.includes(this.next.text);
  }

  /** Takes the token where it is one of these. */
  skip(...texts: readonly string[]): boolean {
    if (!this.is(...texts)) return false;
    this.take();
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) throw this.fault(`'${text}' is expected`);
  }

  name(): Token {
    if (this.next.kind !== "name") throw this.fault("a name is expected");
    return this.take();
  }

  number(): number {
    if (this.next.kind !== "number") throw this.fault("a number is expected");
    return Number(this.take().value);
  }

  fault(message: string, at: Token = this.next): KqlError {
    return new KqlError(message, { line: at.line, position: at.position, token: at.text });
  }
}
