import assert from "node:assert/strict";
import { output } from "@pulumi/pulumi";
import type { DeclarableSystem } from "../../infra/settings";
import { connectionSecrets, isConnectionSecret, restoredSettings } from "../../runbooks/connection-secrets";
import { outputName, type ReleaseFacts } from "../../runbooks/release-facts";
import { ofType } from "./support/query";
import { type Rendered, render } from "./support/render";
import { unwrapped } from "./support/secrets";
import { renderedStack, systemsOf } from "./support/stack-rendering";
import { stackSettings } from "./support/stack-settings";

/** What restores of production are said to have made. */
const made = {
  "kirana-inventory": "kirana-cosmosdb-prod-r1a2b3c",
  "tesoro-xp": "tesoro-restored-1a2b3c",
  "kirana-store": "kirana_store_restore_database_1a2b3c4d",
  "case-management": "case_management_restore_database_1a2b3c4d",
} as const satisfies Record<keyof typeof restoredSettings, string>;

const systems = Object.keys(made) as (keyof typeof made)[];

async function factsOf({ outputs }: Rendered, system: keyof typeof made): Promise<ReleaseFacts> {
  const all = await new Promise<Record<string, { release: ReleaseFacts }>>((done) =>
    output(outputs).apply((known) => done(known as Record<string, { release: ReleaseFacts }>)),
  );
  return all[outputName(system)]!.release;
}

describe("a stack whose databases were restored", function () {
  this.timeout(60_000);
  let usual: Rendered;
  let restored: Rendered;

  before(async () => {
    usual = await renderedStack("production");
    const changes = systems.map((system) => [`${system}:${restoredSettings[system]}`, made[system]]);
    restored = await render(stackSettings("production", Object.fromEntries(changes)));
  });

  it("writes secrets, and nothing else of the vault, that name what was made", () => {
    const systemOf = systemsOf(restored);
    for (const system of systems) {
      const secrets = ofType(restored, "keyvault:Secret").filter((secret) => systemOf(secret) === system);
      const naming = secrets.filter(({ inputs }) => JSON.stringify(unwrapped(inputs)).includes(made[system]));
      const wanted = Object.values(connectionSecrets[system]!)
        .flat()
        .map(({ secret }) => secret);
      const names = naming.map(({ inputs }) => inputs.secretName);
      // The mocks answer no connection strings.
      assert.deepEqual(
        names.sort(),
        wanted.filter((name) => name !== "cosmos-connection-string").sort(),
        system,
      );
    }
  });

  it("makes and loses no resource, and leaves the databases that were left as they are", () => {
    const inputsOf = ({ resources }: Rendered) =>
      new Map(resources.map(({ type, name, inputs }) => [`${type} ${name}`, JSON.stringify(inputs)]));
    const [declared, now] = [inputsOf(usual), inputsOf(restored)];
    assert.deepEqual([...now.keys()].sort(), [...declared.keys()].sort());
    const changed = [...now.keys()].filter((resource) => now.get(resource) !== declared.get(resource));
    const types = new Set(changed.map((resource) => resource.split(" ")[0]!.split(":").at(-1)));
    assert.deepEqual([...types].sort(), ["CronJob", "MetricAlert", "Secret"]);
  });

  it("tells releases of them, for backups, proofs and questions", async () => {
    for (const system of systems) {
      const { stores } = await factsOf(restored, system);
      assert.match(JSON.stringify(stores), new RegExp(made[system]), system);
    }
  });

  it("sends the recorded value of such a secret along with no other change of it", () => {
    for (const rendered of [usual, restored]) {
      const systemOf = systemsOf(rendered);
      for (const secret of ofType(rendered, "keyvault:Secret")) {
        const { ignoreChanges, inputs } = secret;
        const system = systemOf(secret) as DeclarableSystem;
        const name = String(inputs.secretName);
        const isOne = system !== "platform" && isConnectionSecret(system, name);
        assert.deepEqual(ignoreChanges, isOne ? ["tags"] : [], `${system} ${name}`);
      }
    }
  });
});
