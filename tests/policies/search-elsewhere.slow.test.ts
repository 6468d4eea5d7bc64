import assert from "node:assert/strict";
import type { Environment } from "../../runbooks/model";
import { goldenTexts } from "../infra/support/golden";
import { render } from "../infra/support/render";
import { systemSettings } from "../infra/support/stack-settings";
import { changed } from "./support/change";
import type { FixtureResource } from "./support/fixture";
import { goldenSystem } from "./support/golden-stack";
import { failingRules, unknownText } from "./support/judge";
import { fixtureOf, stackOf } from "./support/stacks";

const address = "retail-agentic-vault-secret-elasticsearch-url";

/** Who has Elasticsearch is the owner's to decide (conflicts 19): the pack takes either answer, and no half of one. */
describe("a stack whose search engine is elsewhere", function () {
  this.timeout(60_000);

  const stacks = new Map<Environment, Promise<readonly FixtureResource[]>>();
  function external(environment: Environment): Promise<readonly FixtureResource[]> {
    const known = stacks.get(environment) ?? renderExternal(environment);
    stacks.set(environment, known);
    return known;
  }

  async function renderExternal(environment: Environment): Promise<readonly FixtureResource[]> {
    const rendered = await render(
      systemSettings(environment, ["platform", "retail-agentic"], {
        "retail-agentic:elasticsearch": "external",
        "retail-agentic:elasticsearchUrl": "<owner: its address>",
      }),
    );
    return [...goldenTexts(rendered).values()]
      .flatMap((text) => goldenSystem(environment, text))
      .map(fixtureOf);
  }

  for (const environment of ["staging", "production"] as const) {
    it(`breaks no rule in ${environment}`, async () => {
      assert.deepEqual(failingRules(await external(environment), environment), []);
    });
  }

  it("still has every other task and alert", async () => {
    const stack = await external("production");
    const without = (key: string) => failingRules(changed(stack, { remove: [key] }), "production", stack);
    assert.deepEqual(without("retail-agentic-retail-mongo-backup"), ["task-schedules"]);
  });

  it("has the snapshots all the same while the set is in the cluster, or its address is not known", async () => {
    const whole = stackOf("retail-agentic", "production");
    const unwatched = changed(whole, { remove: ["retail-agentic-search-snapshot"] });
    const led = changed(unwatched, {
      at: address,
      set: "properties/value",
      to: "https://user:password@search.example.org",
    });
    assert.deepEqual(failingRules(led, "production"), ["task-schedules"]);
    const unknown = changed(await external("production"), {
      at: address,
      set: "properties/value",
      to: unknownText,
    });
    assert.deepEqual(failingRules(unknown, "production"), [
      "cluster-system-complete",
      "prometheus-rules-complete",
      "task-schedules",
    ]);
  });
});
