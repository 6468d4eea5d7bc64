import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiClient, ApiError } from "../../../local/cluster/api-client";

/** The server is a stand-in: when a real one answers 429 is its own affair. */
describe("a client of the API server", () => {
  let server: Server;
  let api: ApiClient;
  let asked: string[];
  let answers: { status: number; retryAfter?: string }[];

  before(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const { status, retryAfter } = answers.shift() ?? { status: 200 };
      response.writeHead(status, {
        "content-type": "application/json",
        ...(retryAfter !== undefined && { "retry-after": retryAfter }),
      });
      response.end(JSON.stringify(status < 300 ? { items: [] } : { message: "said why", reason: "Because" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    api = new ApiClient({ server: `http://127.0.0.1:${port}`, ca: "", certificate: "", key: "" });
  });
  beforeEach(() => {
    asked = [];
  });
  after(async () => {
    await api.close();
    server.close();
  });

  it("asks again when the server could not take a request yet, also one that writes", async () => {
    for (const method of ["GET", "POST"]) {
      answers = [
        { status: 429, retryAfter: "0" },
        { status: 429, retryAfter: "0" },
      ];
      assert.deepEqual(await api.call(method, "/things"), { items: [] });
    }
    assert.deepEqual(asked, [...Array(3).fill("GET /things"), ...Array(3).fill("POST /things")]);
  });

  it("gives up at once when the server asks for more time than the request has", async () => {
    answers = [{ status: 429, retryAfter: "60" }];
    await assert.rejects(
      api.call("GET", "/things"),
      (error: unknown) => error instanceof ApiError && error.status === 429 && error.message === "said why",
    );
    assert.equal(asked.length, 1);
  });

  it("takes every other refusal as it is", async () => {
    for (const status of [403, 404, 409, 500, 503]) {
      answers = [{ status, retryAfter: "0" }];
      await assert.rejects(api.call("GET", "/things"), (error: unknown) => {
        assert.ok(error instanceof ApiError);
        assert.deepEqual([error.status, error.reason], [status, "Because"]);
        return true;
      });
    }
    assert.equal(asked.length, 5);
  });
});
