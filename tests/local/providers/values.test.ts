import assert from "node:assert/strict";
import * as fc from "fast-check";
import { leafChanges } from "../../../plugin-server/values/diff";
import { formatPath, isAtOrBelow, patternSteps } from "../../../plugin-server/values/path";
import { containsSecret, isSecret, reveal, secret, UNKNOWN } from "../../../plugin-server/values/property";
import { redact, secretTexts, wrapLike, wrapPaths, wrapTexts } from "../../../plugin-server/values/secrets";
import { parseUrn } from "../../../plugin-server/values/urn";

const plain = fc.jsonValue({ maxDepth: 3 });
/** JSON values in which some parts are marked as secrets. */
const marked = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.string({ minLength: 6 }).map(secret),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), tie("value"), { maxKeys: 3 }),
  ),
})).value;

/** All properties here are synchronous; fast-check's own signature cannot say so. */
function holds<T>(property: fc.IProperty<T>): void {
  void fc.assert(property);
}

describe("leafChanges", () => {
  it("finds nothing between a value and itself, marked or not", () => {
    holds(
      fc.property(marked, (value) => {
        assert.deepEqual(leafChanges(value, value), []);
        assert.deepEqual(leafChanges(value, reveal(value)), []);
      }),
    );
  });

  it("finds something between two different values, and adds one way where it deletes the other way", () => {
    const mirror = { add: "delete", delete: "add", update: "update" } as const;
    holds(
      fc.property(fc.dictionary(fc.string(), plain), fc.dictionary(fc.string(), plain), (a, b) => {
        const there = leafChanges(a, b).map(({ path, kind }) => `${formatPath(path)} ${kind}`);
        const back = leafChanges(b, a).map(({ path, kind }) => `${formatPath(path)} ${mirror[kind]}`);
        assert.deepEqual(there.sort(), back.sort());
      }),
    );
  });

  it("takes null for absence, and an unknown for a change", () => {
    assert.deepEqual(leafChanges({ a: null }, {}), []);
    assert.deepEqual(leafChanges({ a: "x" }, { a: UNKNOWN }), [{ path: ["a"], kind: "update" }]);
    assert.deepEqual(leafChanges({}, { a: UNKNOWN }), [{ path: ["a"], kind: "add" }]);
  });

  it("reports an empty list or object by its own path, a list in another order only where order counts", () => {
    assert.deepEqual(leafChanges({}, { a: {}, b: [] }), [
      { path: ["a"], kind: "add" },
      { path: ["b"], kind: "add" },
    ]);
    const isSet = () => true;
    assert.deepEqual(leafChanges({ a: [1, 2] }, { a: [2, 1] }, { isSet }), []);
    assert.equal(leafChanges({ a: [1, 2] }, { a: [2, 1] }).length, 2);
  });
});

describe("paths", () => {
  it("are written as the engine reads them", () => {
    assert.equal(formatPath(["nest", "list", 1, "k"]), "nest.list[1].k");
    assert.equal(formatPath(["tags", 'a.b"c', ""]), 'tags["a.b\\"c"][""]');
    assert.equal(formatPath(["hidden-link:/x/y"]), "hidden-link:/x/y");
  });

  it("lie at or below what a table names, indexes passed over", () => {
    const below = (path: (string | number)[], pattern: string) => isAtOrBelow(path, patternSteps(pattern));
    assert.ok(below(["location"], "location"));
    assert.ok(below(["a", 0, "b", "c"], "a[*].b"));
    assert.ok(below(["a", 3, "b"], "a.b"));
    assert.ok(!below(["a"], "a.b"));
    assert.ok(!below(["locations"], "location"));
  });
});

describe("secrets", () => {
  it("are wrapped where the model wraps, and nothing else changes", () => {
    holds(
      fc.property(marked, (model) => {
        const wrapped = wrapLike(reveal(model), model);
        assert.deepEqual(reveal(wrapped), reveal(model));
        assert.deepEqual(secretTexts(wrapped), secretTexts(model));
      }),
    );
  });

  it("hide a whole list when elements came or went, as it cannot be told which is which", () => {
    assert.ok(isSecret(wrapLike(["x", "y"], ["x", secret("y"), "z"])));
    assert.ok(!containsSecret(wrapLike(["x"], ["x", "y"])));
  });

  it("are recognised by their text, and found by a table's path", () => {
    const texts = secretTexts({ a: secret({ b: "long-enough", c: "short" }) });
    assert.deepEqual([...texts], ["long-enough"]);
    assert.deepEqual(wrapTexts({ x: ["long-enough", "other"] }, texts), {
      x: [secret("long-enough"), "other"],
    });
    const keys = wrapPaths({ keys: [{ name: "n", value: "v" }] }, ["keys[*].value", "absent.path"]);
    assert.deepEqual(keys, { keys: [{ name: "n", value: secret("v") }] });
  });

  it("are taken out of a message also where it quotes them as JSON", () => {
    const texts = secretTexts(secret('pass"word\\1'));
    assert.equal(redact('got "pass\\"word\\\\1" and pass"word\\1', texts), 'got "[secret]" and [secret]');
  });

  it("that are unknown stay a bare unknown", () => {
    assert.equal(secret(UNKNOWN), UNKNOWN);
  });
});

describe("parseUrn", () => {
  it("takes the last type of the chain, and a name with colons", () => {
    assert.deepEqual(parseUrn("urn:pulumi:dev::switchyard::my:c:Comp$azure-native:web:WebApp::a::b"), {
      stack: "dev",
      project: "switchyard",
      type: "azure-native:web:WebApp",
      name: "a::b",
    });
    assert.equal(parseUrn("dev::switchyard"), undefined);
  });
});
