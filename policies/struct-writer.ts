/** Tags of the messages in struct.proto: number of the field and wire type. */
const tags = {
  key: 0x0a,
  entryValue: 0x12,
  null: 0x08,
  number: 0x11,
  text: 0x1a,
  truth: 0x20,
  object: 0x2a,
  list: 0x32,
  item: 0x0a,
} as const;

const initialBytes = 64 * 1024;
/** Shared by all writers: none is at work while another is. */
const scratch = Buffer.allocUnsafe(initialBytes);

/** Writes plain values as the bytes of `google.protobuf.Struct`. From the end on, so that each length is known in time. */
export class StructWriter {
  private bytes = scratch;
  /** Where what was written begins. */
  private at = this.bytes.length;

  /**
   * The entries of a Struct's map, without tag and length.
   * @throws Error for what no Struct can hold: undefined, functions.
   */
  entriesOf(value: object): Uint8Array[] {
    const entries: Uint8Array[] = [];
    for (const key in value) {
      this.at = this.bytes.length;
      this.entry(key, (value as Record<string, unknown>)[key]);
      // A copy: what is written next goes to the same place.
      entries.push(new Uint8Array(this.bytes.subarray(this.at)));
    }
    return entries;
  }

  private entry(key: string, value: unknown): void {
    const end = this.written;
    this.value(value);
    this.lengthAndTag(end, tags.entryValue);
    this.text(key, tags.key);
  }

  private value(value: unknown): void {
    if (typeof value === "string") this.text(value, tags.text);
    else if (typeof value === "boolean") this.two(tags.truth, value ? 1 : 0);
    else if (typeof value === "number") {
      this.room(9);
      this.at -= 8;
      this.bytes.writeDoubleLE(value, this.at);
      this.bytes[--this.at] = tags.number;
    } else if (value === null) this.two(tags.null, 0);
    else if (Array.isArray(value)) this.list(value);
    else if (typeof value === "object") this.object(value);
    else throw new Error("Unexpected struct type.");
  }

  private object(value: object): void {
    const end = this.written;
    for (const key in value) {
      const entry = this.written;
      this.entry(key, (value as Record<string, unknown>)[key]);
      this.lengthAndTag(entry, tags.item);
    }
    this.lengthAndTag(end, tags.object);
  }

  private list(values: readonly unknown[]): void {
    const end = this.written;
    for (let index = values.length - 1; index >= 0; index--) {
      const item = this.written;
      this.value(values[index]);
      this.lengthAndTag(item, tags.item);
    }
    this.lengthAndTag(end, tags.list);
  }

  private text(text: string, tag: number): void {
    const length = Buffer.byteLength(text);
    this.room(length);
    const end = this.written;
    this.at -= length;
    this.bytes.write(text, this.at, length, "utf8");
    this.lengthAndTag(end, tag);
  }

  private two(tag: number, byte: number): void {
    this.room(2);
    this.bytes[--this.at] = byte;
    this.bytes[--this.at] = tag;
  }

  /** How many bytes are written. */
  private get written(): number {
    return this.bytes.length - this.at;
  }

  /** Puts tag and length before what was written since. */
  private lengthAndTag(since: number, tag: number): void {
    let length = this.written - since;
    this.room(6);
    let size = 1;
    for (let rest = length; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
    this.at -= size;
    for (let index = this.at; ; index++, length = Math.floor(length / 0x80)) {
      if (length < 0x80) {
        this.bytes[index] = length;
        break;
      }
      this.bytes[index] = (length & 0x7f) | 0x80;
    }
    this.bytes[--this.at] = tag;
  }

  private room(bytes: number): void {
    if (this.at >= bytes) return;
    const { written } = this;
    const larger = Buffer.allocUnsafe(2 * (written + bytes) + initialBytes);
    this.bytes.copy(larger, larger.length - written, this.at);
    this.bytes = larger;
    this.at = larger.length - written;
  }
}
