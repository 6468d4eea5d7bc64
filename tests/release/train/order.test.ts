import assert from "node:assert/strict";
import fc from "fast-check";
import { inOrder, neededBy, needing, type Ordered } from "../../../release/train/order";
import { UserError } from "../../../release/user-error";

const of = (...members: readonly (readonly [string, ...string[]])[]): readonly Ordered[] =>
  members.map(([system, ...after]) => ({ system, after }));
const names = (members: readonly Ordered[]) => members.map(({ system }) => system);

function refused(members: readonly Ordered[], message: RegExp, mend: RegExp): void {
  assert.throws(
    () => inOrder(members, "train.yaml"),
    (error) => error instanceof UserError && message.test(error.message) && mend.test(error.mend ?? ""),
  );
}

describe("the order of a train", () => {
  it("puts each release behind those that it comes after, and otherwise keeps the order of the file", () => {
    const members = of(["shop", "stock", "people"], ["people"], ["reports"], ["stock", "people"]);
    assert.deepEqual(names(inOrder(members, "train.yaml")), ["people", "reports", "stock", "shop"]);
  });

  it("names a circle, and only those that are in it", () => {
    const members = of(["shop", "stock"], ["stock", "people"], ["people", "stock"], ["reports"]);
    refused(members, /: stock comes after people comes after stock: none/, /Take one of these out/);
    refused(of(["shop", "shop"]), /shop comes after shop/, /Take one/);
  });

  it("names a system that is not in the file, with those that are", () => {
    refused(
      of(["shop", "stock"]),
      /shop comes after stock, which is not in it/,
      /releases are shop\. Add one of stock/,
    );
  });

  it("names a system that is there twice", () => {
    refused(of(["shop"], ["shop"]), /releases shop twice/, /Leave one/);
  });

  it("knows what needs what, also by way of others", () => {
    const members = of(["people"], ["stock", "people"], ["shop", "stock"], ["reports"]);
    assert.deepEqual([...neededBy(members, "shop")].sort(), ["people", "stock"]);
    assert.deepEqual([...needing(members, "people")].sort(), ["shop", "stock"]);
    assert.deepEqual([...needing(members, "reports")], []);
  });

  it("is one in which everything stands behind what it needs, for whatever has no circle", () => {
    const anyTrain = fc
      .array(fc.array(fc.nat(9), { maxLength: 4 }), { minLength: 1, maxLength: 10 })
      .map((drawn) =>
        drawn.map((after, index) => ({
          system: `${index}`,
          after: after.filter((one) => one < index).map(String),
        })),
      );
    fc.assert(
      fc.property(anyTrain, fc.integer(), (members, seed) => {
        const shuffled = [...members].sort(
          (left, right) => hash(left.system, seed) - hash(right.system, seed),
        );
        const order = names(inOrder(shuffled, "train.yaml"));
        assert.equal(order.length, members.length);
        for (const { system, after } of members)
          for (const before of after) assert.ok(order.indexOf(before) < order.indexOf(system));
      }),
    );
  });
});

function hash(text: string, seed: number): number {
  return Math.imul(Number(text) + 1, seed | 1) % 1009;
}
