import assert from "node:assert/strict";
import fc from "fast-check";
import { addressPlan } from "../../../../infra/systems/platform/address-plan";

const number = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const bounds = (range: string) => {
  const [address = "", prefix = ""] = range.split("/");
  const first = number(address);
  return { first, end: first + 2 ** (32 - Number(prefix)), size: 2 ** (32 - Number(prefix)) };
};

describe("the network's address plan", () => {
  it("gives each subnet a range of its own that lies in the network and begins at a multiple of its size", () => {
    const ranges = fc
      .tuple(
        fc.integer({ min: 16, max: 19 }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 7 }),
      )
      .map(([prefix, second, part]) => {
        const third = prefix === 16 ? 0 : Math.floor((part * 32) / 2 ** (24 - prefix)) * 2 ** (24 - prefix);
        return `10.${second}.${third}.0/${prefix}`;
      });
    fc.assert(
      fc.property(ranges, (range) => {
        const network = bounds(range);
        const subnets = Object.values(addressPlan(range))
          .map(bounds)
          .sort((left, right) => left.first - right.first);
        for (const [index, { first, end, size }] of subnets.entries()) {
          assert.ok(first >= network.first && end <= network.end);
          assert.equal(first % size, 0);
          assert.ok(first >= (subnets[index - 1]?.end ?? network.first));
        }
      }),
    );
  });

  it("refuses a range without room for all of them", () => {
    assert.throws(() => addressPlan("10.60.0.0/20"), /no room for the subnet endpoints/);
  });
});
