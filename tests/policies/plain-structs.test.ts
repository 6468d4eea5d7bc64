import assert from "node:assert/strict";
import fc from "fast-check";
import { type JavaScriptValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { exchangeStructsPlainly } from "../../policies/plain-structs";

type Values = Record<string, JavaScriptValue>;

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const { values } = fc.letrec<{ value: JavaScriptValue; values: Values }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.integer(),
    text,
    fc.string({ unit: "binary-ascii", minLength: 100, maxLength: 300 }),
    fc.array(tie("value"), { maxLength: 4 }) as fc.Arbitrary<JavaScriptValue>,
    tie("values"),
  ),
  // Numbers, as keys of an object, come first in any case; `__proto__` would be no key.
  values: fc.dictionary(
    text.filter((key) => key !== "__proto__"),
    tie("value"),
    { maxKeys: 5, noNullPrototype: true },
  ),
}));

describe("structs without a message for each value", () => {
  const { deserializeBinaryFromReader, serializeBinaryToWriter, fromJavaScript } = Struct;
  const { toJavaScript, getFieldsMap } = Struct.prototype;
  const plain = () => {
    Object.assign(Struct, { deserializeBinaryFromReader, serializeBinaryToWriter, fromJavaScript });
    Object.assign(Struct.prototype, { toJavaScript, getFieldsMap });
  };
  const lean = () => exchangeStructsPlainly({ Struct, Value } as never);
  afterEach(plain);

  /** JSON keeps the order of keys, but not every number. */
  const same = (actual: Values, expected: Values) => {
    assert.deepEqual(actual, expected);
    assert.equal(JSON.stringify(actual), JSON.stringify(expected));
  };

  it("are written as what google-protobuf reads as the same values", () => {
    fc.assert(
      fc.property(values, (given) => {
        plain();
        const expected = Struct.deserializeBinary(
          Struct.fromJavaScript(given).serializeBinary(),
        ).toJavaScript();
        lean();
        const bytes = Struct.fromJavaScript(given).serializeBinary();
        same(Struct.fromJavaScript(given).toJavaScript(), expected);
        plain();
        same(Struct.deserializeBinary(bytes).toJavaScript(), expected);
      }),
    );
  });

  it("are read as google-protobuf reads them, and as messages by who asks for these", () => {
    fc.assert(
      fc.property(values, (given) => {
        plain();
        const bytes = Struct.fromJavaScript(given).serializeBinary();
        const expected = Struct.deserializeBinary(bytes).toJavaScript();
        lean();
        same(Struct.deserializeBinary(bytes).toJavaScript(), expected);
        const asked = Struct.deserializeBinary(bytes);
        assert.deepEqual(asked.getFieldsMap().toArray().length, Object.keys(expected).length);
        same(asked.toJavaScript(), expected);
        same(Struct.deserializeBinary(asked.serializeBinary()).toJavaScript(), expected);
      }),
    );
  });

  it("hold a text longer than what is set aside for writing", () => {
    lean();
    const given = { long: "ä".repeat(300_000), list: [{ long: "x".repeat(70_000) }] };
    const bytes = Struct.fromJavaScript(given).serializeBinary();
    plain();
    assert.deepEqual(Struct.deserializeBinary(bytes).toJavaScript(), given);
  });

  it("are refused where a value is none, or where the bytes end too soon", () => {
    lean();
    for (const none of [undefined, () => {}])
      assert.throws(() => Struct.fromJavaScript({ none } as never), /Unexpected struct type/);
    // { a: "text" } whose text says it has 9 bytes.
    const cut = Uint8Array.from([0x0a, 0x0b, 0x0a, 1, 0x61, 0x12, 6, 0x1a, 9, 0x74, 0x65, 0x78, 0x74]);
    assert.throws(() => Struct.deserializeBinary(cut).toJavaScript(), /ends before it should/);
    const kindless = Uint8Array.from([0x0a, 5, 0x0a, 1, 0x61, 0x12, 0]);
    assert.throws(() => Struct.deserializeBinary(kindless).toJavaScript(), /Unexpected struct type/);
  });
});
