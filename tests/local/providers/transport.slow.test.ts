import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { cloudFolder } from "../../../local/cloud/endpoint";
import { secret } from "../../../plugin-server/values/property";
import { Driver, initFailureOf } from "./support/driver";
import { FakeArm, type Scripted, type Seen } from "./support/fake-arm";
import { LocalCloud, SUBSCRIPTION, temporaryFolder, writeEndpoint } from "./support/local-cloud";

const GROUP = "azure-native:resources:ResourceGroup";
const STORAGE = "azure-native:storage:StorageAccount";
const id = `${SUBSCRIPTION}/resourceGroups/g`;
const group = { id, name: "g", location: "westeurope", properties: { provisioningState: "Succeeded" } };
const inputs = { resourceGroupName: "g", location: "westeurope" };
const missing: Scripted = { status: 404, body: { error: { code: "ResourceGroupNotFound", message: "no" } } };
const ok: Scripted = { status: 200, body: group };

/** Against a scripted server: what a service does when it has a bad day. */
describe("azure-native stand-in, when the service falters", () => {
  const stateDir = temporaryFolder();
  let provider: Driver;
  let arm: FakeArm;

  before(async () => {
    mkdirSync(cloudFolder(stateDir));
    provider = await Driver.start("azure-native", { env: { SWITCHYARD_STATE_DIR: stateDir } });
    await provider.configure("azure-native");
  });

  afterEach(() => arm.stop());

  after(async () => {
    await provider.stop();
    rmSync(stateDir, { recursive: true });
  });

  async function script(answer: (seen: Seen, count: number, base: string) => Scripted): Promise<void> {
    arm = await FakeArm.start(answer);
    writeEndpoint(stateDir, { url: arm.url });
  }

  it("waits as long as Retry-After asks after a 429, and repeats the PUT", async () => {
    await script(({ method }, count) => {
      if (method === "PUT") return count === 1 ? { status: 429, headers: { "retry-after": "1" } } : ok;
      return count === 1 ? missing : ok;
    });
    assert.equal((await provider.create(GROUP, "g", inputs)).id, id);
    const [first, second] = arm.seen.filter(({ method }) => method === "PUT");
    assert.ok(second!.at - first!.at >= 990, `waited ${second!.at - first!.at} ms`);
  });

  it("repeats GET and DELETE after 500, 502, 503 and a broken connection", async () => {
    const faults: Scripted[] = [
      { status: 0, breaks: true },
      { status: 500, headers: { "x-ms-retry-after-ms": "5" } },
      { status: 502, headers: { "retry-after-ms": "5" } },
      { status: 503, headers: { "retry-after": "0" } },
    ];
    await script(({ method }, count) => faults[count - 1] ?? (method === "DELETE" ? { status: 204 } : ok));
    assert.equal((await provider.read(GROUP, "g", id, { inputs, outputs: {} })).id, id);
    await provider.delete(GROUP, "g", id);
    assert.deepEqual([arm.count("GET"), arm.count("DELETE")], [5, 5]);
  });

  it("does not repeat a POST", async () => {
    await script(() => ({ status: 503, body: { error: { code: "Busy", message: "later" } } }));
    const args = { resourceGroupName: "g", accountName: "a" };
    await assert.rejects(
      provider.invoke("azure-native:storage:listStorageAccountKeys", args),
      /cannot call .*listStorageAccountKeys: POST .*listKeys answered 503: Busy: later/,
    );
    assert.equal(arm.count("POST"), 1);
  });

  it("does not repeat what was refused for good, and passes on every fault of the answer", async () => {
    const details = [{ target: "properties.b", message: "'properties.b' is wrong" }];
    await script(({ method }) =>
      method === "PUT"
        ? {
            status: 400,
            body: {
              error: {
                code: "InvalidRequestContent",
                message: "Two faults.",
                target: "properties.a",
                details,
              },
            },
          }
        : missing,
    );
    await assert.rejects(
      provider.create(GROUP, "g", inputs),
      /cannot create azure-native:resources:ResourceGroup "g": PUT .*answered 400: InvalidRequestContent: properties.a: Two faults.\n {2}properties.b: 'properties.b' is wrong/,
    );
    assert.equal(arm.count("PUT"), 1);
  });

  it("waits for another operation that holds the resource", async () => {
    const busy = {
      status: 409,
      headers: { "retry-after": "0" },
      body: { error: { code: "AnotherOperationInProgress", message: "" } },
    };
    await script(({ method }, count) =>
      method === "PUT" ? (count < 9 ? busy : ok) : count === 1 ? missing : ok,
    );
    assert.equal((await provider.create(GROUP, "g", inputs)).id, id);
  });

  it("gives up on a stuck operation after the set time, with the operation's name and the resource's id", async () => {
    await script(({ method, path }, count, base) => {
      if (path.includes("/operations/"))
        return { status: 200, headers: { "retry-after": "0" }, body: { status: "InProgress" } };
      const begun = { "azure-asyncoperation": `${base}${SUBSCRIPTION}/operations/op-77`, "retry-after": "0" };
      return method === "PUT" ? { status: 201, headers: begun, body: group } : count === 1 ? missing : ok;
    });
    const error = await provider.create(GROUP, "g", inputs, { timeoutSeconds: 0.3 }).then(
      () => assert.fail("it must give up"),
      (reason: Error) => reason,
    );
    assert.match(
      error.message,
      /create azure-native:resources:ResourceGroup "g": gave up after 0.3 s; operation op-77 has not ended\n {2}resource: \/subscriptions/,
    );
    assert.equal(initFailureOf(error)?.getId(), id);
  });

  it("keeps a resource whose operation failed in the state, with the reason", async () => {
    await script(({ method, path }, count, base) => {
      if (path.includes("/operations/")) {
        return {
          status: 200,
          body: { status: "Failed", error: { code: "QuotaExceeded", message: "no more" } },
        };
      }
      const begun = { "azure-asyncoperation": `${base}${SUBSCRIPTION}/operations/op-78`, "retry-after": "0" };
      return method === "PUT" ? { status: 201, headers: begun, body: group } : count === 1 ? missing : ok;
    });
    const error = await provider.create(GROUP, "g", inputs).catch((reason: Error) => reason);
    const failure = initFailureOf(error);
    assert.deepEqual(failure?.getReasonsList(), [
      'create azure-native:resources:ResourceGroup "g": operation op-78 ended as Failed: QuotaExceeded: no more',
    ]);
    assert.deepEqual(failure?.getInputs()?.toJavaScript(), inputs);
    assert.equal(failure?.getProperties()?.toJavaScript().name, "g");
  });

  it("follows a Location that answers 202 until it answers something else", async () => {
    await script(({ method, path }, count, base) => {
      if (path.includes("/results/"))
        return count < 3 ? { status: 202, headers: { "retry-after": "0" } } : { status: 204 };
      const location = `${base}${SUBSCRIPTION}/results/r-1`;
      return method === "DELETE" ? { status: 202, headers: { location, "retry-after": "0" } } : ok;
    });
    await provider.delete(GROUP, "g", id);
    assert.equal(arm.count("GET"), 3);
  });

  it("gives up on a request that is never answered", async () => {
    await script(() => ({ status: 0, hangs: true }));
    await assert.rejects(
      provider.delete(GROUP, "g", id, undefined, 0.2),
      /delete .*gave up after 0.2 s: DELETE .* was not answered/,
    );
  });

  it("ends what it waits for when the engine cancels, keeps the resource, and answers the next call", async () => {
    await script(({ method, path }, count, base) => {
      if (path.includes("/operations/")) return { status: 200, body: { status: "InProgress" } };
      const begun = { "azure-asyncoperation": `${base}${SUBSCRIPTION}/operations/op-79` };
      return method === "PUT" ? { status: 201, headers: begun, body: group } : count === 1 ? missing : ok;
    });
    const creating = provider.create(GROUP, "g", inputs).catch((reason: Error) => reason);
    await until(() => arm.seen.some(({ path }) => path.includes("/operations/")));
    const began = performance.now();
    await provider.cancel();
    const error = await creating;
    assert.ok(performance.now() - began < 300);
    assert.match((error as Error).message, /create .*: cancelled/);
    assert.equal(initFailureOf(error)?.getId(), id);
    assert.equal((await provider.read(GROUP, "g", id, { inputs, outputs: {} })).id, id);
  });
});

describe("azure-native stand-in, when it dies in a create", () => {
  it("leaves a resource that the next create of the same URN takes over", async () => {
    const cloud = await LocalCloud.start();
    cloud.cloud.settings.operationMillis = 60_000;
    const env = { SWITCHYARD_STATE_DIR: cloud.stateDir };
    const plan = { resourceGroupName: "g", name: "plan", location: "westeurope", sku: { name: "S1" } };
    const PLAN = "azure-native:web:AppServicePlan";
    await cloud.call("PUT", id, { location: "westeurope" });

    const first = await Driver.spawn("azure-native", { env });
    await first.configure("azure-native");
    const planId = `${id}/providers/Microsoft.Web/serverfarms/plan`;
    const creating = first.create(PLAN, "plan", plan).then(
      () => assert.fail("the provider is dead"),
      () => undefined,
    );
    await until(() => cloud.exists(planId));
    await first.stop("SIGKILL");
    await creating;

    // The cloud ends as well, and finishes at its next start what it had begun.
    await cloud.stop();
    const again = await LocalCloud.start(cloud.stateDir);
    const second = await Driver.start("azure-native", { env });
    await second.configure("azure-native");
    assert.equal((await second.create(PLAN, "plan", plan)).id, planId);
    await assert.rejects(second.create(PLAN, "stranger", plan), /already existing/);
    await second.stop();
    await again.remove();
  });

  it("repeats its requests to a cloud that comes back on another port", async () => {
    const cloud = await LocalCloud.start();
    const provider = await Driver.start("azure-native", { env: { SWITCHYARD_STATE_DIR: cloud.stateDir } });
    await provider.configure("azure-native");
    const made = await provider.create(GROUP, "g", inputs);
    await cloud.stop();
    const reading = provider.read(GROUP, "g", id, { inputs, ...made });
    const again = await LocalCloud.start(cloud.stateDir);
    assert.equal((await reading).id, id);
    await provider.stop();
    await again.remove();
  });

  it("keeps one record for each resource, without its inputs, and none for what was deleted", async () => {
    const cloud = await LocalCloud.start();
    const provider = await Driver.start("azure-native", { env: { SWITCHYARD_STATE_DIR: cloud.stateDir } });
    await provider.configure("azure-native");
    const records = () => readdirSync(join(cloud.stateDir, "providers", "owners"));
    const storage = {
      resourceGroupName: "g",
      accountName: "recorded",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
    };
    await provider.create(GROUP, "g", inputs);
    const news = { ...storage, location: "westeurope", tags: { t: secret("canary-value") } };
    const made = await provider.create(STORAGE, "s", news);
    assert.equal(records().length, 2);
    const texts = records().map((name) =>
      readFileSync(join(cloud.stateDir, "providers", "owners", name), "utf8"),
    );
    assert.ok(!texts.join().includes("canary-value"));
    assert.deepEqual(
      texts.map((text) => (JSON.parse(text) as { id: string }).id).sort(),
      [id, made.id].sort(),
    );
    await provider.delete(GROUP, "g", id);
    assert.deepEqual(records(), []);
    await provider.stop();
    await cloud.remove();
  });
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > deadline) assert.fail("the condition did not come true in 5 s");
    await wait(5);
  }
}
