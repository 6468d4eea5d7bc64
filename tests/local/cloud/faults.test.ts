import assert from "node:assert/strict";
import { COSMOS, cosmosAccount, GROUP, TestCloud } from "./support";

describe("faults on demand", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await TestCloud.create();
    await cloud.put(GROUP, { location: "westeurope" });
  });
  afterEach(() => cloud.remove());

  const add = async (fault: unknown) =>
    assert.equal((await cloud.call("POST", "/_switchyard/faults", fault)).status, 201);

  it("throttle: 429 with Retry-After as often as said, then no more", async () => {
    await add({ kind: "throttle", match: { method: "GET" }, times: 2, retryAfterSeconds: 7 });
    for (const status of [429, 429, 200]) {
      const answer = await cloud.get(GROUP);
      assert.equal(answer.status, status);
      assert.equal(answer.headers["retry-after"], status === 429 ? "7" : undefined);
    }
  });

  it("error: 500, before anything changed", async () => {
    await add({ kind: "error", match: { method: "PUT", idPattern: "databaseAccounts/cosmos-" } });
    assert.equal((await cloud.call("PUT", COSMOS, cosmosAccount())).status, 500);
    assert.equal((await cloud.get(COSMOS)).status, 404);
    await cloud.put(COSMOS, cosmosAccount());
  });

  it("latency: the answer comes late and is right", async () => {
    await add({ kind: "latency", match: {}, milliseconds: 60 });
    const started = process.hrtime.bigint();
    assert.equal((await cloud.get(GROUP)).status, 200);
    assert.ok(Number(process.hrtime.bigint() - started) / 1e6 >= 55);
  });

  it("stuck: the operation never ends, also for what is else done at once", async () => {
    await add({ kind: "stuck", match: { type: "azure-native:resources:ResourceGroup" } });
    const answer = await cloud.call("PUT", `${GROUP}2`, { location: "westeurope" });
    assert.ok(answer.headers["azure-asyncoperation"]);
    const { body } = await cloud.call("GET", "/_switchyard/status");
    assert.deepEqual(
      body.operationsInProgress.map((entry: { stuck: boolean }) => entry.stuck),
      [true],
    );
  });

  it("hit only what they match: method, type by either name, path", async () => {
    await add({ kind: "error", match: { method: "DELETE", type: "Microsoft.DocumentDB/databaseAccounts" } });
    assert.equal((await cloud.get(GROUP)).status, 200);
    assert.equal((await cloud.call("DELETE", `${GROUP}2`)).status, 204);
    assert.equal((await cloud.call("DELETE", COSMOS)).status, 500);
  });

  it("are listed with what is left of them, and cleared", async () => {
    await add({ kind: "error", match: {}, times: 3 });
    await cloud.get(GROUP);
    const { value } = (await cloud.call("GET", "/_switchyard/faults")).body;
    assert.deepEqual([value[0].times, value[0].hits], [2, 1]);
    assert.deepEqual((await cloud.call("DELETE", "/_switchyard/faults")).body, { cleared: 1 });
    assert.equal((await cloud.get(GROUP)).status, 200);
  });

  it("are refused with what is allowed when they make no sense", async () => {
    const cases: [unknown, RegExp][] = [
      [{ kind: "explode", match: {} }, /throttle, error, latency, stuck/],
      [{ kind: "error", match: { ip: "x" } }, /method, idPattern, type/],
      [
        { kind: "stuck", match: { type: "azure-native:documentdb:DatabaseAccount" } },
        /not a type of the local cloud/,
      ],
      [{ kind: "error", match: { idPattern: "(" } }, /regular expression/],
      [{ kind: "error", match: {}, times: 0 }, /times is 0; allowed: a whole number from 1 on/],
      [{ kind: "error", match: {}, times: 1.5 }, /times is 1\.5; allowed: a whole number/],
      [{ kind: "error", match: { method: "PUTT" } }, /method is "PUTT", .* allowed: GET, PUT, PATCH/],
      [{ kind: "stuck", match: { method: "GET" } }, /a fault of kind stuck never hits; allowed: PUT/],
      [
        { kind: "latency", match: {}, retryAfterSeconds: 9 },
        /retryAfterSeconds is nothing to a fault of kind latency; allowed: times, milliseconds/,
      ],
    ];
    for (const [fault, message] of cases) {
      const answer = await cloud.call("POST", "/_switchyard/faults", fault);
      assert.equal(answer.status, 400);
      assert.match(answer.body.error.message, message);
    }
  });
});
