/** Wire types of protobuf. */
const [varint, eightBytes, lengthDelimited, fourBytes] = [0, 1, 2, 5];

/** Reads the bytes of `google.protobuf.Struct` as plain values, as `toJavaScript` of google-protobuf gives them. */
export class StructReader {
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;

  /** @param entries The entries of a Struct's map, each `key = 1, value = 2`. */
  objectOf(entries: readonly Uint8Array[]): Record<string, unknown> {
    const values = new Map<string, unknown>();
    for (const { buffer, byteOffset, length } of entries) {
      this.bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, length);
      this.at = 0;
      this.entry(length, values);
    }
    return inOrder(values);
  }

  private entry(end: number, values: Map<string, unknown>): void {
    let key = "";
    let value: unknown;
    let known = false;
    while (this.at < end) {
      const tag = this.number();
      if (tag === tagOf(1, lengthDelimited)) key = this.text();
      else if (tag === tagOf(2, lengthDelimited)) {
        value = this.value(this.end());
        known = true;
      } else this.skip(tag);
    }
    if (!known) throw new Error(unexpected);
    values.set(key, value);
  }

  private value(end: number): unknown {
    let value: unknown;
    let known = false;
    while (this.at < end) {
      const tag = this.number();
      known = true;
      if (tag === tagOf(1, varint)) {
        this.number();
        value = null;
      } else if (tag === tagOf(2, eightBytes)) {
        value = this.bytes.readDoubleLE(this.at);
        this.at += 8;
      } else if (tag === tagOf(3, lengthDelimited)) value = this.text();
      else if (tag === tagOf(4, varint)) value = this.number() !== 0;
      else if (tag === tagOf(5, lengthDelimited)) value = this.object(this.end());
      else if (tag === tagOf(6, lengthDelimited)) value = this.list(this.end());
      else {
        known = value !== undefined;
        this.skip(tag);
      }
    }
    if (!known) throw new Error(unexpected);
    return value;
  }

  private object(end: number): Record<string, unknown> {
    const values = new Map<string, unknown>();
    while (this.at < end) {
      const tag = this.number();
      if (tag === tagOf(1, lengthDelimited)) this.entry(this.end(), values);
      else this.skip(tag);
    }
    return inOrder(values);
  }

  private list(end: number): unknown[] {
    const values: unknown[] = [];
    while (this.at < end) {
      const tag = this.number();
      if (tag === tagOf(1, lengthDelimited)) values.push(this.value(this.end()));
      else this.skip(tag);
    }
    return values;
  }

  private text(): string {
    const end = this.end();
    const start = this.at;
    this.at = end;
    return this.bytes.toString("utf8", start, end);
  }

  /** Where what follows its length ends. */
  private end(): number {
    const length = this.number();
    const end = this.at + length;
    if (end > this.bytes.length) throw new Error(cut);
    return end;
  }

  private number(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error(cut);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }

  private skip(tag: number): void {
    const type = tag & 7;
    if (type === varint) this.number();
    else if (type === eightBytes) this.at += 8;
    else if (type === lengthDelimited) this.at = this.end();
    else if (type === fourBytes) this.at += 4;
    else throw new Error(unexpected);
  }
}

const unexpected = "Unexpected struct type";
const cut = "A Struct ends before it should.";

function tagOf(field: number, type: number): number {
  return field * 8 + type;
}

/** Maps of google-protobuf give their keys in order. */
function inOrder(values: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const key of [...values.keys()].sort()) object[key] = values.get(key);
  return object;
}
