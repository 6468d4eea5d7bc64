import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AzureLogin } from "../../../release/clients/azure-login";
import { type ArmWork, armWork } from "../../../release/data/arm-work";
import { parseBlobList } from "../../../release/data/blobs";
import type { UserError } from "../../../release/user-error";
import { type Answer, HttpServer, type Received } from "../support/http-server";
import { FakeClock, subscription } from "./fakes";

const id = `${subscription}/resourceGroups/rg/providers/Microsoft.Sql/servers/s/databases/d`;

describe("release/data/arm-work: changes through Azure Resource Manager", () => {
  let server: HttpServer;
  let folder: string;
  let answer: (request: Received) => Answer;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-arm-"));
    server = await HttpServer.start((request) => answer(request));
    mkdirSync(join(folder, "cloud"));
    writeFileSync(
      join(folder, "cloud", "endpoint.json"),
      JSON.stringify({ url: server.url, token: "canary" }),
    );
  });
  beforeEach(() => {
    server.received.length = 0;
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const login = { token: () => Promise.reject(new Error("asked Azure")) } as unknown as AzureLogin;
  const work = (signal = new AbortController().signal): ArmWork =>
    armWork({ login, stateDir: folder, clock: new FakeClock(), signal });

  it("waits until a resource says that it is made", async () => {
    let looks = 0;
    answer = ({ method }) =>
      method === "PUT"
        ? { status: 201, body: { properties: { provisioningState: "Creating" } } }
        : {
            status: 200,
            body: { properties: { provisioningState: ++looks < 3 ? "Creating" : "Succeeded" } },
          };
    const made = await work().put(id, { location: "x" }, "1");
    assert.deepEqual(made, { properties: { provisioningState: "Succeeded" } });
    assert.equal(looks, 3);
    assert.equal(server.received[0]!.headers.authorization, "Bearer canary");
  });

  it("waits no longer than the limit of a try for what never ends", async () => {
    const limit = new AbortController();
    const over = new Error("no answer within 300 s");
    let looks = 0;
    answer = () => {
      if (++looks === 3) limit.abort(over);
      return { status: 200, body: { properties: { provisioningState: "Creating" } } };
    };
    const { signal } = new AbortController();
    const arm = armWork({ login, stateDir: folder, clock: new FakeClock(), signal, limit: limit.signal });
    await assert.rejects(arm.put(id, {}, "1"), (error) => error === over);
    assert.equal(looks, 3);
  });

  it("says why a resource could not be made", async () => {
    answer = ({ method }) =>
      method === "PUT"
        ? { status: 202, body: { properties: { provisioningState: "Creating" } } }
        : {
            status: 200,
            body: { error: { code: "Q", message: "no quota" }, properties: { provisioningState: "Failed" } },
          };
    await assert.rejects(work().put(id, {}, "1"), /ended as Failed: Q: no quota/);
  });

  for (const [status, retriable] of [
    [409, true],
    [403, false],
    [400, false],
  ] as const) {
    it(`a refusal with ${status} may${retriable ? "" : " not"} succeed later`, async () => {
      answer = () => ({ status, body: { error: { code: "C", message: "m" } } });
      await assert.rejects(work().put(id, {}, "1"), (error: UserError) => {
        assert.match(error.message, /C: m/);
        assert.equal(error.retriable, retriable);
        return true;
      });
    });
  }

  it("tries a busy service again, and says that it may succeed later when it stays busy", async () => {
    answer = () => ({ status: 500, body: {} });
    await assert.rejects(work().put(id, {}, "1"), { retriable: true });
    assert.equal(server.received.length, 3);
  });

  it("starts by POST once, whatever is answered", async () => {
    answer = () => ({ status: 500, body: {} });
    await assert.rejects(work().post(`${id}/start`, {}, "1"), { retriable: true });
    assert.equal(server.received.length, 1);
  });

  it("an operation that never ends is left when the release stops waiting", async () => {
    const controller = new AbortController();
    let looks = 0;
    answer = () => {
      if (++looks === 5) controller.abort(new Error("timeout of the step"));
      return { status: 200, body: { properties: { provisioningState: "Updating" } } };
    };
    await assert.rejects(work(controller.signal).put(id, {}, "1"), /timeout of the step/);
  });

  it("what is gone already counts as deleted", async () => {
    answer = () => ({ status: 404, body: {} });
    await work().delete(id, "1");
  });

  it("reads the listing of a container", () => {
    const one = (name: string, length: string) =>
      `<Blob><Name>${name}</Name><Properties><Content-Length>${length}</Content-Length></Properties></Blob>`;
    const list = (blobs: string) =>
      `<?xml version="1.0"?><EnumerationResults><Blobs>${blobs}</Blobs><NextMarker/></EnumerationResults>`;
    assert.deepEqual(parseBlobList(list("")), []);
    assert.deepEqual(parseBlobList(list(one("a&amp;b", "12"))), [{ name: "a&b", bytes: 12 }]);
    assert.equal(parseBlobList(list(one("a", "1") + one("b", ""))).length, 2);
  });
});
