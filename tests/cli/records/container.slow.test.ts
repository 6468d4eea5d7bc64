/**
 * The container of records against Azurite, which has no immutability policies: what Azure answers under one ("Immutable
 * storage for blob data") is put in its place.
 */
import assert from "node:assert/strict";
import {
  AccountSASPermissions,
  type ContainerClient,
  generateAccountSASQueryParameters,
  type StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { RecordContainer } from "../../../cli/records/record-container";
import { recordName } from "../../../cli/records/record-place";
import { exchange, type HttpAnswer, type HttpRequest } from "../../../release/clients/http";
import { Azurite } from "../../release/support/azurite";

const login = { token: async () => "token" };
const name = (second: number, stack = "production") =>
  recordName(`2026-11-21T10:00:0${second}.000Z`, stack, `sha256:${String(second).repeat(64)}`);

describe("the container of records in Blob Storage", function () {
  this.timeout(60_000);
  let azurite: Azurite;
  let container: ContainerClient;
  let place: RecordContainer;

  before(async () => {
    azurite = await Azurite.start();
  });
  after(() => azurite?.stop());
  beforeEach(async () => {
    container = await azurite.container();
    place = await placeWith((request) => exchange(request));
  });

  /** Requests carry a signature of Azurite's in the place of a token of Azure's, which it takes over TLS only. */
  async function placeWith(send: (request: HttpRequest) => Promise<HttpAnswer>): Promise<RecordContainer> {
    const signature = generateAccountSASQueryParameters(
      {
        services: "b",
        resourceTypes: "co",
        permissions: AccountSASPermissions.parse("rwl"),
        expiresOn: new Date(Date.now() + 3_600_000),
      },
      container.credential as StorageSharedKeyCredential,
    );
    const signed = new URLSearchParams(signature.toString());
    return new RecordContainer(container.url, login, (request) => {
      const { authorization: _, ...headers } = request.headers ?? {};
      const url = new URL(request.url);
      for (const [key, value] of signed) url.searchParams.set(key, value);
      return send({ ...request, url, headers });
    });
  }

  it("takes records, lists a stack's by time, and gives them back as they were", async () => {
    for (const second of [2, 1]) await place.add(name(second), `text ${second} ü\n`);
    await place.add(name(3, "staging"), "other");
    assert.deepEqual(await place.list("production"), [name(1), name(2)]);
    assert.equal(await place.read(name(2)), "text 2 ü\n");
    assert.equal(await place.find(name(4)), undefined);
  });

  it("one whose name is there already is refused and stays as it was; the same once more counts as done", async () => {
    await place.add(name(1), "text");
    await place.add(name(1), "text");
    await assert.rejects(place.add(name(1), "other"), /cannot be written: BlobAlreadyExists/);
    assert.equal(await place.read(name(1)), "text");
  });

  it("of two that write one name at once one is kept whole, and the other is told", async () => {
    const texts = Array.from({ length: 8 }, (_, number) => `text ${number}`);
    const results = await Promise.allSettled(texts.map((text) => place.add(name(1), text)));
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
    const kept = results.findIndex(({ status }) => status === "fulfilled");
    assert.equal(await place.read(name(1)), texts[kept]);
  });

  it("one that is kept by a policy is not written over; the same once more counts as done", async () => {
    await place.add(name(1), "text");
    const kept = await placeWith(async (request) =>
      request.method === "PUT" ? refusal("BlobImmutableDueToPolicy") : exchange(request),
    );
    await kept.add(name(1), "text");
    await assert.rejects(kept.add(name(1), "other"), /cannot be written: BlobImmutableDueToPolicy/);
  });

  it("what else keeps a record from being written is told by its own name", async () => {
    const leaving = await placeWith(async (request) =>
      request.method === "PUT" ? refusal("ContainerBeingDeleted") : exchange(request),
    );
    await assert.rejects(leaving.add(name(1), "text"), /cannot be written: ContainerBeingDeleted/);
  });

  it("a container without a policy says so, and one with a policy or a legal hold is trusted", async () => {
    assert.match((await place.looseness()) ?? "", /no immutability policy/);
    for (const header of ["x-ms-has-immutability-policy", "x-ms-has-legal-hold"]) {
      const kept = await placeWith(async (request) => {
        const answer = await exchange(request);
        assert.equal(answer.headers[header], "false");
        return { ...answer, headers: { ...answer.headers, [header]: "true" } };
      });
      assert.equal(await kept.looseness(), undefined);
    }
  });

  it("a service that does not tell its policy is not trusted", async () => {
    const silent = await placeWith(async (request) => ({ ...(await exchange(request)), headers: {} }));
    await assert.rejects(silent.looseness(), /does not tell whether it has an immutability policy/);
  });
});

function refusal(code: string): HttpAnswer {
  return { status: 409, headers: {}, text: `<Error><Code>${code}</Code></Error>` };
}
