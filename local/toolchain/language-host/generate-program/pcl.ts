/** A value as `pulumi import` describes a resource with: the part of Pulumi's configuration language that it writes. */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [key: string, value: Expression])[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  /** `account`, or `account.id`. */
  | { readonly kind: "reference"; readonly root: string; readonly path: readonly (string | number)[] };

/** `resource account "azure-native:storage:StorageAccount" { … }`; attributes may be values, blocks hold more of them. */
export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: ReadonlyMap<string, Expression>;
  readonly blocks: readonly Block[];
}

/** What stands in a text, and where, that is none of the above. */
export class PclError extends Error {
  override readonly name = "PclError";
}

interface Token {
  readonly kind: "word" | "number" | "string" | "sign" | "end";
  readonly text: string;
  readonly line: number;
}

const pattern =
  /(?<blank>[^\S\n]+|#[^\n]*|\/\/[^\n]*)|(?<newline>\n)|(?<word>[A-Za-z_][\w-]*)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<string>"(?:[^"\\\n]|\\.)*")|(?<sign>[{}[\]()=.,:])/y;

/**
 * Reads the blocks of a text.
 *
 * @throws PclError on anything that `pulumi import` does not write, such as a template with a value in it.
 */
export function parsePcl(text: string): Block[] {
  const parser = new Parser(tokensOf(text));
  const blocks: Block[] = [];
  while (!parser.atEnd()) blocks.push(parser.block(parser.word()));
  return blocks;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(text)?.groups;
    if (!groups)
      throw new PclError(`line ${line}: ${JSON.stringify(text.slice(at, at + 20))} is not known here`);
    if (groups.newline) line++;
    else if (groups.word) tokens.push({ kind: "word", text: groups.word, line });
    else if (groups.number) tokens.push({ kind: "number", text: groups.number, line });
    else if (groups.string) tokens.push({ kind: "string", text: unquote(groups.string, line), line });
    else if (groups.sign) tokens.push({ kind: "sign", text: groups.sign, line });
  }
  return [...tokens, { kind: "end", text: "end of text", line }];
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

function unquote(quoted: string, line: number): string {
  const body = quoted.slice(1, -1);
  // `$${` and `%%{` are the two characters `${` and `%{`; a single sign would begin a template.
  if (/(?<!\$)(?:\$\$)*\$\{|(?<!%)(?:%%)*%\{/.test(body))
    throw new PclError(`line ${line}: a template with a value in it`);
  return body
    .replace(/\$\$\{/g, "$${")
    .replace(/%%\{/g, "%{")
    .replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.))/g, (_, u, U, x, one) => {
      const code: string | undefined = u ?? U ?? x;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      const plain = escapes[one as string];
      if (plain === undefined) throw new PclError(`line ${line}: \\${one} is not known here`);
      return plain;
    });
}

class Parser {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  atEnd(): boolean {
    return this.#next().kind === "end";
  }

  word(): string {
    return this.#take("word").text;
  }

  block(type: string): Block {
    const labels: string[] = [];
    while (!this.#is("{")) {
      if (this.#next().kind !== "word" && this.#next().kind !== "string") this.#refuse();
      labels.push(this.#skip().text);
    }
    this.#sign("{");
    const attributes = new Map<string, Expression>();
    const blocks: Block[] = [];
    while (!this.#is("}")) {
      const name = this.word();
      if (this.#is("=")) {
        this.#sign("=");
        attributes.set(name, this.#expression());
      } else blocks.push(this.block(name));
    }
    this.#sign("}");
    return { type, labels, attributes, blocks };
  }

  #expression(): Expression {
    const token = this.#skip();
    if (token.kind === "string") return { kind: "literal", value: token.text };
    if (token.kind === "number") return { kind: "literal", value: Number(token.text) };
    if (token.kind === "word") return this.#named(token.text);
    if (token.text === "[") return { kind: "list", items: this.#until("]", () => this.#expression()) };
    if (token.text === "{") return { kind: "object", entries: this.#until("}", () => this.#entry()) };
    this.#at--;
    return this.#refuse();
  }

  #named(name: string): Expression {
    if (name === "null") return { kind: "literal", value: null };
    if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
    if (this.#is("(")) {
      this.#sign("(");
      return { kind: "call", name, args: this.#until(")", () => this.#expression()) };
    }
    const path: (string | number)[] = [];
    for (;;) {
      if (this.#is(".")) {
        this.#sign(".");
        path.push(this.word());
      } else if (this.#is("[")) {
        this.#sign("[");
        const index = this.#skip();
        path.push(index.kind === "number" ? Number(index.text) : index.text);
        this.#sign("]");
      } else return { kind: "reference", root: name, path };
    }
  }

  #entry(): readonly [string, Expression] {
    const key = this.#skip();
    if (key.kind !== "word" && key.kind !== "string") this.#refuse();
    this.#sign(this.#is(":") ? ":" : "=");
    return [key.text, this.#expression()];
  }

  /** Items up to a closing sign; a comma between two, or nothing where each has a line of its own. */
  #until<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    while (!this.#is(close)) {
      items.push(item());
      if (this.#is(",")) this.#sign(",");
    }
    this.#sign(close);
    return items;
  }

  #next(): Token {
    return this.tokens[this.#at] as Token;
  }

  #skip(): Token {
    const token = this.#next();
    if (token.kind === "end") this.#refuse();
    this.#at++;
    return token;
  }

  #is(sign: string): boolean {
    const { kind, text } = this.#next();
    return kind === "sign" && text === sign;
  }

  #sign(sign: string): void {
    if (!this.#is(sign)) this.#refuse();
    this.#at++;
  }

  #take(kind: Token["kind"]): Token {
    if (this.#next().kind !== kind) this.#refuse();
    return this.#skip();
  }

  #refuse(): never {
    const { text, line } = this.#next();
    throw new PclError(`line ${line}: ${JSON.stringify(text)} is not expected here`);
  }
}
