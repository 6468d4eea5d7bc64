import assert from "node:assert/strict";
import { showSimulation } from "../../../cli/release/show-simulation";
import { contractPlan } from "../../release/engine/support/plans";

async function shown(fault: readonly string[], format: "text" | "json", seed?: number): Promise<string> {
  let text = "";
  const out = (more: string) => {
    text += more;
  };
  const options = { fault, format, ...(seed !== undefined && { seed }) };
  await showSimulation({ out }, contractPlan("retail-agentic", "dev"), options);
  return text;
}

describe("switchyard release plan --simulate", () => {
  it("prints each step, each verdict and when, and how it ended", async () => {
    const text = await shown(["gate:error-rate@10"], "text");
    const lines = text.split("\n");
    const at = (words: string) => {
      const index = lines.findIndex((line) => line.includes(words));
      assert.ok(index >= 0, `${words} in\n${text}`);
      return index;
    };
    assert.ok(at("phase switch") < at("all traffic from blue to green"));
    assert.ok(at("error-rate: pass") < at("error-rate: rollback"));
    assert.ok(at("rolls back: ") < at("all traffic back to blue"));
    assert.match(lines[at("error-rate: rollback")]!, /^ +0:1\d:\d\d /);
    assert.match(text, /\nrolledBack after 0:\d\d:\d\d: .*\n$/);
  });

  it("prints the same as JSON, with its scenario, so that it can be run again", async () => {
    const document = JSON.parse(await shown(["say:abort@1"], "json"));
    assert.equal(document.format, 1);
    assert.deepEqual(document.scenario.faults, [{ kind: "command", command: "abort", atSeconds: 60 }]);
    assert.equal(document.end, "aborted");
    assert.deepEqual(document.violations, []);
    assert.ok(
      document.timeline.every(({ seconds, text }: { seconds: number; text: string }) => seconds >= 0 && text),
    );
  });

  it("draws what goes wrong by a seed, always the same", async () => {
    assert.equal(await shown([], "json", 7), await shown([], "json", 7));
    assert.notEqual(await shown([], "json", 7), await shown([], "json", 8));
  });
});
