import assert from "node:assert/strict";
import type { DeclarableSystem } from "../../../infra/settings";
import { environments } from "../../../runbooks/model";
import { goldenTexts } from "../support/golden";
import { render } from "../support/render";
import { renderedStack } from "../support/stack-rendering";
import { systemSettings } from "../support/stack-settings";

// The other tests of systems look at their part of a stack that carries all of them.

const stacks: readonly (readonly DeclarableSystem[])[] = [
  ["platform"],
  ["kirana-inventory"],
  ["tesoro-xp"],
  ["platform", "kirana-store"],
  ["platform", "retail-agentic"],
  ["platform", "case-management"],
];

for (const environment of environments) {
  describe(`a ${environment} stack that does not carry all systems`, function () {
    this.timeout(60_000);
    for (const systems of stacks) {
      it(`declares of ${systems.join(" and ")} what one with all of them does`, async () => {
        const whole = goldenTexts(await renderedStack(environment));
        const alone = goldenTexts(await render(systemSettings(environment, systems)));
        assert.deepEqual([...alone.keys()].sort(), [...systems].sort());
        for (const [system, text] of alone) assert.equal(text, whole.get(system), system);
      });
    }
  });
}
