import { StructReader } from "./struct-reader";
import { StructWriter } from "./struct-writer";

/** The part of `google-protobuf/google/protobuf/struct_pb` (3.21) that is replaced. */
export interface StructModule {
  readonly Struct: StructClass;
  readonly Value: { fromJavaScript(value: unknown): unknown };
}

interface StructClass {
  new (): StructMessage;
  readonly prototype: StructMessage;
  deserializeBinaryFromReader(message: StructMessage, reader: Reader): StructMessage;
  serializeBinaryToWriter(message: StructMessage, writer: Writer): void;
  fromJavaScript(value: object): StructMessage;
}

interface StructMessage {
  toJavaScript(): Record<string, unknown>;
  getFieldsMap(noLazyCreate?: boolean): FieldsMap;
}

interface FieldsMap {
  set(key: string, value: unknown): unknown;
}

interface Reader {
  nextField(): boolean;
  isEndGroup(): boolean;
  getFieldNumber(): number;
  readBytes(): Uint8Array;
  skipField(): void;
}

interface Writer {
  writeBytes(field: number, bytes: Uint8Array): void;
}

/** Number of the map `fields` in the message `Struct`. */
const fields = 1;

const replaced = new WeakSet<StructModule>();

/**
 * Reads and writes the properties of resources without a message object for every value in them. Every message between
 * the engine and a program, a plugin or a pack carries them; `google-protobuf` makes a message of each value, a map of
 * each object, and turns these into JavaScript values afterwards, which is a fifth of the time of such a process. Here a
 * `Struct` keeps its bytes, from which the values are read when they are asked for, with the same result: keys in order,
 * the last of two equal keys. What looks at the messages themselves (`getFieldsMap`) still finds them.
 *
 * @param structs The module, changed in place. A second time does nothing.
 */
export function exchangeStructsPlainly(structs: StructModule): void {
  if (replaced.has(structs)) return;
  replaced.add(structs);
  const { Struct, Value } = structs;
  /** Entries of the map, as bytes, of the structs whose messages were not made yet. */
  const entries = new WeakMap<StructMessage, Uint8Array[]>();
  const { getFieldsMap, toJavaScript } = Struct.prototype;
  const { serializeBinaryToWriter } = Struct;

  Struct.deserializeBinaryFromReader = (message, reader) => {
    const read: Uint8Array[] = [];
    while (reader.nextField() && !reader.isEndGroup()) {
      if (reader.getFieldNumber() === fields) read.push(reader.readBytes());
      else reader.skipField();
    }
    entries.set(message, read);
    return message;
  };
  Struct.fromJavaScript = (value) => {
    const message = new Struct();
    entries.set(message, new StructWriter().entriesOf(value));
    return message;
  };
  Struct.serializeBinaryToWriter = (message, writer) => {
    const known = entries.get(message);
    if (known === undefined) return serializeBinaryToWriter(message, writer);
    for (const entry of known) writer.writeBytes(fields, entry);
  };
  Struct.prototype.toJavaScript = function () {
    const known = entries.get(this);
    return known === undefined ? toJavaScript.call(this) : new StructReader().objectOf(known);
  };
  Struct.prototype.getFieldsMap = function (noLazyCreate) {
    const known = entries.get(this);
    if (known !== undefined) {
      entries.delete(this);
      const map = getFieldsMap.call(this);
      for (const [key, value] of Object.entries(new StructReader().objectOf(known)))
        map.set(key, Value.fromJavaScript(value));
    }
    return getFieldsMap.call(this, noLazyCreate);
  };
}
