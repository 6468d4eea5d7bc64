import assert from "node:assert/strict";
import { GROUP, TestCloud } from "./support";

const PROFILE = `${GROUP}/providers/Microsoft.Cdn/profiles/edge`;
const ENDPOINT = `${PROFILE}/afdEndpoints/app`;

describe("purging a Front Door endpoint", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await TestCloud.create();
    await cloud.put(GROUP, { location: "westeurope" });
    await cloud.put(PROFILE, { location: "Global", sku: { name: "Standard_AzureFrontDoor" } });
    await cloud.put(ENDPOINT, { location: "Global" });
  });
  afterEach(() => cloud.remove());

  it("is a long operation that changes nothing of the endpoint", async () => {
    const before = (await cloud.get(ENDPOINT)).body;
    const answer = await cloud.call("POST", `${ENDPOINT}/purge`, { contentPaths: ["/*"] });
    assert.equal(answer.status, 202);
    assert.match(String(answer.headers.location), /operationresults/i);
    await cloud.done(answer);
    assert.deepEqual((await cloud.get(ENDPOINT)).body, before);
  });

  it("is finished after a crash in its middle", async () => {
    cloud.cloud.settings.operationMillis = 3_600_000;
    const answer = await cloud.call("POST", `${ENDPOINT}/purge`, { contentPaths: ["/a", "/b/*"] });
    cloud = await cloud.crash({ operationMillis: 1 });
    await cloud.done(answer);
  });

  it("is refused without paths, with one that begins with no slash, and of an endpoint that is not there", async () => {
    for (const body of [{}, { contentPaths: [] }, { contentPaths: ["*"] }, { contentPaths: "/*" }]) {
      const { status, body: said } = await cloud.call("POST", `${ENDPOINT}/purge`, body);
      assert.deepEqual([status, said.error.target], [400, "contentPaths"], JSON.stringify(body));
    }
    const other = await cloud.call("POST", `${PROFILE}/afdEndpoints/other/purge`, { contentPaths: ["/*"] });
    assert.equal(other.status, 404);
  });
});
