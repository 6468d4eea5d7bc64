import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { markMended, unmendedDamage } from "../../../local/cloud/damage";
import { endpointFile, readEndpoint } from "../../../local/cloud/endpoint";
import { fileNameOf } from "../../../local/cloud/server/files";
import { COSMOS, cosmosAccount, GROUP, PLAN, plan, SITE, site, TestCloud, VAULT, vault } from "./support";

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("state of the local cloud", () => {
  let cloud: TestCloud;
  afterEach(() => cloud.remove());

  it("is read back as it was after a restart, keys and identities included", async () => {
    cloud = await TestCloud.create();
    await cloud.withSite();
    await cloud.put(COSMOS, cosmosAccount());
    const look = async () => [
      (await cloud.get(SITE)).body,
      (await cloud.get(`${GROUP}/resources`)).body,
      (await cloud.call("POST", `${COSMOS}/listKeys`)).body,
    ];
    const before = await look();
    cloud = await cloud.crash();
    assert.deepEqual(await look(), before);
  });

  it("lies in one file per resource, readable by its owner only", async () => {
    cloud = await TestCloud.create();
    await cloud.put(GROUP, { location: "westeurope" });
    await cloud.put(VAULT, vault());
    await cloud.put(`${VAULT}/secrets/key`, { properties: { value: "canary" } });
    const files = filesBelow(join(cloud.folder, "cloud"));
    assert.equal(files.filter((file) => file.includes("/resources/")).length, 3);
    for (const file of files) assert.equal(statSync(file).mode & 0o077, 0, file);
    const folders = readdirSync(join(cloud.folder, "cloud"), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isDirectory(),
    );
    for (const entry of folders)
      assert.equal(statSync(join(entry.parentPath, entry.name)).mode & 0o077, 0, entry.name);
    assert.equal(files.filter((file) => readFileSync(file, "utf8").includes("canary")).length, 1);
  });

  it("a damaged file is named and set aside, and the others are served", async () => {
    cloud = await TestCloud.create();
    await cloud.put(GROUP, { location: "westeurope" });
    await cloud.put(PLAN, plan("P1v3"));
    await cloud.put(SITE, site({}));
    const files = filesBelow(join(cloud.folder, "cloud", "resources"));
    const [planFile, siteFile] = ["/serverfarms/", "/sites/"].map(
      (part) => files.find((file) => file.includes(part))!,
    );
    writeFileSync(planFile!, readFileSync(planFile!, "utf8").slice(0, 40));
    writeFileSync(siteFile!, '{"id": 1}');
    cloud = await cloud.crash();
    assert.equal((await cloud.get(GROUP)).status, 200);
    assert.equal((await cloud.get(PLAN)).status, 404);
    const { damaged } = (await cloud.call("GET", "/_switchyard/status")).body;
    assert.deepEqual(
      damaged.map((entry: { path: string }) => entry.path).sort(),
      [planFile, siteFile].sort(),
    );
    for (const { quarantined } of damaged) assert.ok(existsSync(quarantined));
    await cloud.put(PLAN, plan("P1v3"));
  });

  for (const cut of ["", "c2hvcnQ=\n"]) {
    it(`a key cut to ${JSON.stringify(cut)} is set aside: no secret is made from it`, async () => {
      cloud = await TestCloud.create();
      const file = join(cloud.folder, "cloud", "secret-key");
      writeFileSync(file, cut);
      cloud = await cloud.crash();
      assert.equal(Buffer.from(readFileSync(file, "utf8"), "base64").length, 32);
      assert.equal(statSync(file).mode & 0o077, 0);
      const { damaged } = (await cloud.call("GET", "/_switchyard/status")).body;
      assert.deepEqual(
        damaged.map((entry: { path: string }) => entry.path),
        [file],
      );
    });
  }

  it("damage counts until it is mended, and across restarts", async () => {
    cloud = await TestCloud.create();
    assert.deepEqual(unmendedDamage(cloud.folder), []);
    await cloud.put(GROUP, { location: "westeurope" });
    writeFileSync(filesBelow(join(cloud.folder, "cloud", "resources"))[0]!, "{");
    cloud = await cloud.crash();
    cloud = await cloud.crash();
    const damage = unmendedDamage(cloud.folder);
    assert.equal(damage.length, 1);
    markMended(damage);
    assert.deepEqual(unmendedDamage(cloud.folder), []);
  });

  for (const text of ["null", "{", "[]", '{"url":"http://127.0.0.1:9","token":"t","pid":999999}']) {
    it(`an endpoint file that holds ${text} counts as none`, async () => {
      cloud = await TestCloud.create();
      writeFileSync(endpointFile(cloud.folder), text);
      assert.equal(readEndpoint(cloud.folder), undefined);
    });
  }

  for (const code of ["ENOSPC", "EROFS", "EACCES"]) {
    it(`a write that fails with ${code} is a 507, and nothing changed`, async () => {
      let failing = false;
      const content = new Map<string, string>();
      cloud = await TestCloud.create({
        write: async (file, text) => {
          if (failing) throw Object.assign(new Error(code), { code });
          content.set(file, text);
        },
      });
      await cloud.withSite();
      const before = (await cloud.get(SITE)).body;
      failing = true;
      const written = [...content.values()].join();
      const answer = await cloud.call("PUT", SITE, site({ httpsOnly: false }));
      assert.deepEqual([answer.status, answer.body.error.code], [507, "InsufficientStorage"]);
      assert.match(answer.body.error.message, new RegExp(`${code}.*Nothing was changed`));
      assert.deepEqual((await cloud.get(SITE)).body, before);
      assert.equal([...content.values()].join(), written);
      failing = false;
      await cloud.put(SITE, site({ httpsOnly: false }));
    });
  }

  it("file names differ for different ids and hold no path", () => {
    const part = fc.stringMatching(/^[a-z0-9._() -]{1,80}$/);
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        const [one, two] = [`/x/${a}/${b}`, `/x/${c}/${d}`];
        assert.equal(fileNameOf(one) === fileNameOf(two), one === two);
        assert.match(fileNameOf(one), /^[a-z0-9._-]{1,60}\/[a-z0-9._-]{1,80}\.json$/);
        assert.ok(!fileNameOf(one).startsWith(".."));
      }),
    );
  });
});
