import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { purger } from "../../../release/actions/purge";
import { restarter } from "../../../release/actions/restart";
import { surroundingsOf } from "../../../release/clients/surroundings";
import { armWork } from "../../../release/data/arm-work";
import type { EntryOfWord } from "../../../release/engine/parts";
import { mapAt } from "../../../release/targets/json";
import type { ReleaseFacts } from "../../../runbooks/release-facts";
import { LocalCloud, SUBSCRIPTION } from "../../local/providers/support/local-cloud";
import { FakeClock } from "../data/fakes";

const group = `${SUBSCRIPTION}/resourceGroups/shop`;
const profile = `${group}/providers/Microsoft.Cdn/profiles/edge`;
const endpoint = `${profile}/afdEndpoints/app`;
const plan = `${group}/providers/Microsoft.Web/serverfarms/shop`;
const siteId = `${group}/providers/Microsoft.Web/sites/shop`;
const location = "westeurope";

/** Against the embedded cloud: what Azure answers is imitated there, and shown by its own tests. */
describe("actions of a release on Azure's own resources", () => {
  let cloud: LocalCloud;
  const facts = {
    system: "kirana-inventory",
    resourceGroupId: group,
    tracks: [
      { name: "api", components: ["backend"], target: { kind: "slots", siteId, slot: "staging" } },
      { name: "app", components: ["frontend"], target: { kind: "staticSite", siteId: `${group}/x` } },
    ],
  } as unknown as ReleaseFacts;

  beforeEach(async () => {
    cloud = await LocalCloud.start(undefined, 1);
    await cloud.call("PUT", group, { location });
  });
  afterEach(async () => {
    await cloud.stop();
    rmSync(cloud.stateDir, { recursive: true, force: true });
  });

  const parts = (signal = new AbortController().signal) => ({
    surroundings: surroundingsOf("dev", { SWITCHYARD_STATE_DIR: cloud.stateDir }),
    facts,
    release: "r-1",
    clock: new FakeClock(),
    signal,
  });
  const entry = (timeoutSeconds = 10) =>
    ({ word: "step", name: "purge-cdn", timeoutSeconds }) as EntryOfWord<"step">;
  const paths = ["/*"];

  describe("purging Front Door", () => {
    const purge = (seconds?: number, signal?: AbortSignal) =>
      purger(parts(signal))({ action: "purge", cache: "frontDoor", paths }, entry(seconds), {});
    const withEdge = async () => {
      const { surroundings, clock, signal } = parts();
      const arm = armWork({ ...surroundings.outside, clock, signal });
      await arm.put(profile, { location: "Global", sku: { name: "Standard_AzureFrontDoor" } }, "2025-06-01");
      await arm.put(endpoint, { location: "Global" }, "2025-06-01");
    };

    it("waits for Azure's operation and names the host, as often as it is asked", async () => {
      await withEdge();
      for (let time = 0; time < 2; time++)
        assert.match(await purge(), /^app[\w.-]+: \/\* purged, as Azure's operation says$/);
    });

    it("has nothing to do where no endpoint is declared", async () => {
      assert.equal(await purge(), "nothing caches kirana-inventory: no Front Door endpoint is declared");
    });

    it("fails, as something that may pass, when the operation never ends", async () => {
      await withEdge();
      cloud.fault({ kind: "stuck", match: { method: "POST", idPattern: "/purge$" } });
      await assert.rejects(purge(0.2), (error: Error & { retriable?: boolean }) => {
        assert.match(error.message, /the purge has not ended within 0\.2 s/);
        return error.retriable === true;
      });
    });

    it("ends with the release", async () => {
      await withEdge();
      cloud.fault({ kind: "stuck", match: { method: "POST", idPattern: "/purge$" } });
      const stop = new AbortController();
      const purged = purge(10, stop.signal);
      stop.abort(new Error("stopped by somebody"));
      await assert.rejects(purged, /stopped by somebody/);
    });

    it("is told when Azure refuses, and when it is away", async () => {
      await withEdge();
      cloud.fault({ kind: "error", match: { method: "POST", idPattern: "/purge$" } });
      await assert.rejects(purge(), /Azure refused POST .*afdEndpoints\/app\/purge: InternalServerError/);
      await cloud.stop();
      await assert.rejects(purge(), /cannot be reached/);
    });

    it("refuses what it does not purge", async () => {
      await assert.rejects(
        purger(parts())({ action: "purge", cache: "redis", paths }, entry(), {}),
        /purges Front Door only/,
      );
    });
  });

  describe("restarting a site", () => {
    const restart = (components: readonly string[]) =>
      restarter(parts())({ action: "restart", components: [...components] }, entry(), {});

    beforeEach(async () => {
      const sku = { name: "P1v3", tier: "PremiumV3" };
      await cloud.call("PUT", plan, { location, sku, properties: { reserved: true } });
      await cloud.call("PUT", siteId, { location, properties: { serverFarmId: plan } });
    });

    it("is Azure's own action, read back; files have nothing to restart", async () => {
      assert.match(
        await restart(["backend", "frontend"]),
        /shop.*: restarted, Running; .* has nothing to restart$/,
      );
    });

    it("runs a site that was stopped", async () => {
      await cloud.call("POST", `${siteId}/stop`);
      await restart(["backend"]);
      assert.equal(mapAt(await cloud.call("GET", siteId), "properties").state, "Running");
    });

    it("is told when there is no such site", async () => {
      await cloud.call("DELETE", siteId);
      await assert.rejects(restart(["backend"]), /Azure refused POST .*restart/);
    });
  });
});
