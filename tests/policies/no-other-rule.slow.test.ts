import assert from "node:assert/strict";
import { ruleCases } from "./cases";
import { changed, says } from "./support/change";
import { failingRules } from "./support/judge";
import { stackOf } from "./support/stacks";

/** Every rule of the pack over every stack of rules.test.ts in which one field is broken. */
describe("a stack with one broken field", () => {
  for (const { rule, stack, environment = "production", broken } of ruleCases) {
    const whole = stackOf(stack ?? "kirana-inventory", environment);
    for (const { alsoFails = [], breaks: _breaks, ...change } of broken) {
      it(`is refused by ${rule} and by no other rule (${stack ?? "kirana-inventory"} ${says(change)})`, () => {
        assert.deepEqual(
          failingRules(changed(whole, change), environment, whole),
          [rule, ...alsoFails].sort(),
        );
      });
    }
  }
});
