import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { cloudFolder } from "../../../local/cloud/endpoint";
import { UNKNOWN } from "../../../plugin-server/values/property";
import { Driver } from "./support/driver";
import { FakeArm } from "./support/fake-arm";
import { LocalCloud, temporaryFolder, writeEndpoint } from "./support/local-cloud";

const GROUP = "azure-native:resources:ResourceGroup";
const FOREIGN = "11111111-1111-4111-8111-111111111111";
const foreignGroup = `/subscriptions/${FOREIGN}/resourceGroups/g`;
const state = { inputs: { resourceGroupName: "g" }, outputs: {} };

/** Whatever a provider could be asked about one resource. */
const everyCall: Record<string, (provider: Driver, type: string) => Promise<unknown>> = {
  Check: (provider, type) => provider.check(type, "x", {}),
  Diff: (provider, type) => provider.diff(type, "x", "id", {}, {}),
  "preview Create": (provider, type) => provider.create(type, "x", {}, { preview: true }),
  Create: (provider, type) => provider.create(type, "x", {}),
  "preview Update": (provider, type) => provider.update(type, "x", "id", state, {}, { preview: true }),
  Update: (provider, type) => provider.update(type, "x", "id", state, {}),
  Read: (provider, type) => provider.read(type, "x", "id", state),
  Delete: (provider, type) => provider.delete(type, "x", "id", state),
  CheckConfig: (provider) => provider.checkConfig("azure-native", {}),
  DiffConfig: (provider) => provider.diffConfig("azure-native"),
  Configure: (provider) => provider.configure("azure-native"),
};

describe("stand-ins never touch anything real", () => {
  describe("for a stack other than dev", () => {
    for (const name of ["azure-native", "random"] as const) {
      it(`${name} refuses every call`, async () => {
        const provider = await Driver.start(name, { stack: "production" });
        const type = name === "random" ? "random:index/randomPet:RandomPet" : GROUP;
        try {
          for (const [rpc, call] of Object.entries(everyCall)) {
            await assert.rejects(
              call(provider, type),
              /refused: .* serves stack "dev" of project "switchyard" only, and was asked for stack "production".*preview --stack production --offline/s,
              rpc,
            );
          }
        } finally {
          await provider.stop();
        }
      });
    }
  });

  describe("on the local stack", () => {
    let provider: Driver;
    before(async () => {
      provider = await Driver.start("azure-native", { env: { SWITCHYARD_STATE_DIR: temporaryFolder() } });
    });
    after(() => provider.stop());

    it("refuse a URN of another project", async () => {
      const other = Object.create(provider, {
        urn: { value: () => `urn:pulumi:dev::other::${GROUP}::x` },
      }) as Driver;
      await assert.rejects(
        other.check(GROUP, "x", {}),
        /project "switchyard" only, and was asked for .*project "other"/,
      );
    });

    it("refuse another subscription in their configuration", async () => {
      const { failures } = await provider.checkConfig("azure-native", { subscriptionId: FOREIGN });
      assert.match(
        failures[0]!.reason,
        new RegExp(`subscriptionId is "${FOREIGN}".*never touches a real subscription`),
      );
      await assert.rejects(
        provider.configure("azure-native", { subscriptionId: FOREIGN }),
        /never touches a real subscription/,
      );
    });

    it("refuse an id in another subscription, whatever is to be done with it", async () => {
      const refusal = /refused: .*is not in the local cloud's subscription/;
      await assert.rejects(provider.read(GROUP, "x", foreignGroup), refusal);
      await assert.rejects(provider.update(GROUP, "x", foreignGroup, state, state.inputs), refusal);
      await assert.rejects(provider.delete(GROUP, "x", foreignGroup), refusal);
      const lock = { scope: foreignGroup, lockName: "l", level: "CanNotDelete" };
      await assert.rejects(
        provider.check("azure-native:authorization:ManagementLockByScope", "x", lock),
        refusal,
      );
    });

    it("refuse an endpoint that is not on this machine", async () => {
      const folder = temporaryFolder();
      mkdirSync(cloudFolder(folder));
      writeEndpoint(folder, { url: "http://management.example.com" });
      const remote = await Driver.start("azure-native", { env: { SWITCHYARD_STATE_DIR: folder } });
      try {
        await assert.rejects(
          remote.read(GROUP, "x", localGroup),
          /"http:\/\/management.example.com"; a stand-in speaks to loopback/,
        );
      } finally {
        await remote.stop();
        rmSync(folder, { recursive: true });
      }
    });
  });

  describe("in an offline preview of another stack", () => {
    let provider: Driver;
    before(async () => {
      const env = { SWITCHYARD_OFFLINE_STACK: "production" };
      provider = await Driver.start("azure-native", { env, stack: "production" });
      await provider.handshake();
      await provider.configure("azure-native", { subscriptionId: FOREIGN, location: "westeurope" });
    });
    after(() => provider.stop());

    it("answer what a preview needs, with any subscription and no cloud", async () => {
      assert.deepEqual(
        (await provider.checkConfig("azure-native", { subscriptionId: FOREIGN })).failures,
        [],
      );
      const { inputs, failures } = await provider.check(GROUP, "x", { resourceGroupName: "g" });
      assert.deepEqual(failures, []);
      assert.equal((await provider.diff(GROUP, "x", foreignGroup, inputs, inputs)).changes, "none");
      assert.equal(
        (await provider.create(GROUP, "x", inputs, { preview: true })).outputs.id ?? UNKNOWN,
        UNKNOWN,
      );
      const made = { inputs, outputs: { name: "g" } };
      assert.equal(
        (await provider.update(GROUP, "x", foreignGroup, made, inputs, { preview: true })).name,
        "g",
      );
    });

    it("refuse everything that would need a cloud", async () => {
      const needs = /refused: .* needs a cloud, and this is an offline preview of stack "production"/;
      for (const rpc of ["Create", "Update", "Read", "Delete"]) {
        await assert.rejects(everyCall[rpc]!(provider, GROUP), needs, rpc);
      }
      await assert.rejects(provider.invoke("azure-native:authorization:getClientConfig"), needs);
    });

    it("refuse every other stack, dev included", async () => {
      const dev = Object.create(provider, {
        urn: { value: () => `urn:pulumi:dev::switchyard::${GROUP}::x` },
      }) as Driver;
      await assert.rejects(dev.check(GROUP, "x", {}), /serves stack "production" .* asked for stack "dev"/);
    });
  });
});

const localGroup = "/subscriptions/00000000-0000-4000-8000-0000000de000/resourceGroups/g";

describe("a local cloud that cannot be asked", () => {
  let folder: string;
  let provider: Driver;

  beforeEach(async () => {
    folder = temporaryFolder();
    mkdirSync(cloudFolder(folder));
    provider = await Driver.start("azure-native", { env: { SWITCHYARD_STATE_DIR: folder } });
  });

  afterEach(async () => {
    await provider.stop();
    rmSync(folder, { recursive: true });
  });

  it("is not running: says so and how to start it", async () => {
    const expected =
      /the local cloud is not running \(no endpoint under .*\)\nstart it with: npx switchyard cloud start/;
    await assert.rejects(provider.read(GROUP, "x", localGroup), expected);
  });

  it("has ended and left its endpoint behind: never asks whoever has the port now", async () => {
    const stranger = await FakeArm.start(() => ({ status: 404 }));
    writeEndpoint(folder, { url: stranger.url, processStart: "another process" });
    await assert.rejects(
      provider.read(GROUP, "x", localGroup),
      /has ended and left its endpoint file behind.*cloud start/s,
    );
    assert.equal(stranger.seen.length, 0);
    await stranger.stop();
  });

  it("does not answer: tries for a moment, then says where it asked", async () => {
    writeEndpoint(folder, { url: "http://127.0.0.1:1" });
    await assert.rejects(
      provider.read(GROUP, "x", localGroup),
      /nothing answers at http:\/\/127.0.0.1:1.*cloud start/s,
    );
  });

  it("does not accept the token", async () => {
    const cloud = await LocalCloud.start(folder);
    writeEndpoint(folder, { url: cloud.url, token: "wrong" });
    await assert.rejects(
      provider.read(GROUP, "x", localGroup),
      /does not accept the token of its endpoint file \(401\)/,
    );
    await cloud.stop();
  });
});
