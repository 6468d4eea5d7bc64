import assert from "node:assert/strict";
import { isSecret, type PropertyMap, secret, UNKNOWN } from "../../../local/providers/values/property";
import { Driver } from "./support/driver";
import { LocalCloud, SUBSCRIPTION } from "./support/local-cloud";

const GROUP = "azure-native:resources:ResourceGroup";
const STORAGE = "azure-native:storage:StorageAccount";
const CANARY = "canary-7f3a-canary";

/** The executable, driven over gRPC as the engine drives it, against the embedded cloud. */
describe("azure-native stand-in over gRPC", () => {
  let cloud: LocalCloud;
  let provider: Driver;

  before(async () => {
    cloud = await LocalCloud.start();
    provider = await Driver.start("azure-native", { env: { SWITCHYARD_STATE_DIR: cloud.stateDir } });
    await provider.handshake();
    await provider.configure("azure-native", { location: "westeurope" });
  });

  after(async () => {
    await provider.stop();
    await cloud.remove();
  });

  /** Check and Create, as for a new resource. */
  async function make(type: string, name: string, news: PropertyMap) {
    const { inputs, failures } = await provider.check(type, name, news);
    assert.deepEqual(failures, []);
    return { inputs, ...(await provider.create(type, name, inputs)) };
  }

  it("makes, reads, changes and deletes a resource group", async () => {
    const made = await make(GROUP, "first", { resourceGroupName: "first" });
    assert.equal(made.id, `${SUBSCRIPTION}/resourceGroups/first`);
    assert.equal(made.outputs.location, "westeurope");
    const read = await provider.read(GROUP, "first", made.id, made);
    assert.deepEqual(read.inputs, made.inputs);
    const news = { ...made.inputs, tags: { team: "kirana" } };
    const diff = await provider.diff(GROUP, "first", made.id, made.inputs, news);
    assert.deepEqual(diff.detailed, { "tags.team": "ADD" });
    const updated = await provider.update(GROUP, "first", made.id, made, news);
    assert.deepEqual(updated.tags, { team: "kirana" });
    await provider.delete(GROUP, "first", made.id);
    assert.equal((await provider.read(GROUP, "first", made.id, made)).id, "");
    await provider.delete(GROUP, "first", made.id);
  });
});
