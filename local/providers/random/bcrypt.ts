import { randomBytes } from "node:crypto";
import { blowfishTables } from "./blowfish-tables";

/** bcrypt (Provos and Mazières, 1999), version 2a: what the real provider's `bcryptHash` holds. */

const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Go's bcrypt.DefaultCost, which the real provider uses. */
const DEFAULT_COST = 10;
/** bcrypt looks at no more of a password. */
const MAX_PASSWORD_BYTES = 72;
const SALT_BYTES = 16;
const MAGIC = "OrpheanBeholderScryDoubt";

let initial: ReturnType<typeof blowfishTables> | undefined;

function translate(text: string, from: string, to: string): string {
  return [...text].map((character) => to[from.indexOf(character)]).join("");
}

function encode(bytes: Uint8Array): string {
  return translate(Buffer.from(bytes).toString("base64").replace(/=+$/, ""), STANDARD, ALPHABET);
}

function decodeSalt(text: string): Buffer {
  return Buffer.from(translate(text, ALPHABET, STANDARD), "base64");
}

/** 32 bits of a byte string that is read round and round. */
function cyclicWords(bytes: Uint8Array): () => number {
  let at = 0;
  return () => {
    let word = 0;
    for (let i = 0; i < 4; i++) {
      word = (word << 8) | bytes[at]!;
      at = (at + 1) % bytes.length;
    }
    return word;
  };
}

class Blowfish {
  private readonly p: Int32Array;
  private readonly s: Int32Array;
  private left = 0;
  private right = 0;

  constructor() {
    initial ??= blowfishTables();
    this.p = initial.subkeys.slice();
    this.s = initial.boxes.slice();
  }

  private encipher(left: number, right: number): void {
    const { p, s } = this;
    let l = left ^ p[0]!;
    let r = right;
    for (let i = 1; i <= 16; i += 2) {
      r ^=
        (((s[l >>> 24]! + s[256 + ((l >>> 16) & 255)]!) ^ s[512 + ((l >>> 8) & 255)]!) +
          s[768 + (l & 255)]!) ^
        p[i]!;
      l ^=
        (((s[r >>> 24]! + s[256 + ((r >>> 16) & 255)]!) ^ s[512 + ((r >>> 8) & 255)]!) +
          s[768 + (r & 255)]!) ^
        p[i + 1]!;
    }
    this.left = r ^ p[17]!;
    this.right = l;
  }

  expand(key: Uint8Array, salt?: Uint8Array): void {
    const keyWord = cyclicWords(key);
    for (let i = 0; i < this.p.length; i++) this.p[i]! ^= keyWord();
    const saltWord = salt === undefined ? () => 0 : cyclicWords(salt);
    this.left = 0;
    this.right = 0;
    for (const table of [this.p, this.s]) {
      for (let i = 0; i < table.length; i += 2) {
        this.encipher(this.left ^ saltWord(), this.right ^ saltWord());
        table[i] = this.left;
        table[i + 1] = this.right;
      }
    }
  }

  magic(): Buffer {
    const text = Buffer.from(MAGIC);
    const result = Buffer.alloc(text.length);
    for (let at = 0; at < text.length; at += 8) {
      this.left = text.readInt32BE(at);
      this.right = text.readInt32BE(at + 4);
      for (let round = 0; round < 64; round++) this.encipher(this.left, this.right);
      result.writeInt32BE(this.left, at);
      result.writeInt32BE(this.right, at + 4);
    }
    return result;
  }
}

/** @param salt 22 characters in bcrypt's alphabet; fresh by default */
export function bcryptHash(
  password: string,
  salt = encode(randomBytes(SALT_BYTES)),
  cost = DEFAULT_COST,
): string {
  const saltBytes = decodeSalt(salt).subarray(0, SALT_BYTES);
  const key = Buffer.concat([Buffer.from(password), Buffer.from([0])]).subarray(0, MAX_PASSWORD_BYTES);
  const cipher = new Blowfish();
  cipher.expand(key, saltBytes);
  for (let round = 0; round < 2 ** cost; round++) {
    cipher.expand(key);
    cipher.expand(saltBytes);
  }
  // The last of the 24 bytes is dropped, as the first implementation did.
  return `$2a$${String(cost).padStart(2, "0")}$${salt}${encode(cipher.magic().subarray(0, 23))}`;
}
