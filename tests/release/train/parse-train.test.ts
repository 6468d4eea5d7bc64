import assert from "node:assert/strict";
import { isTrain, parseTrain } from "../../../release/train/parse-train";
import { UserError } from "../../../release/user-error";

const nothingElse = (path: string) => Promise.reject(new UserError(`${path} cannot be read`));

async function refused(text: string, ...words: readonly RegExp[]): Promise<void> {
  await assert.rejects(parseTrain(text, "train.yaml", nothingElse), (error) => {
    assert.ok(error instanceof UserError);
    for (const each of words) assert.match(`${error.message}\n${error.mend}`, each);
    return true;
  });
}

describe("the file of a train", () => {
  it("is told from the manifest of one release", () => {
    assert.equal(isTrain("releases: []"), true);
    assert.equal(isTrain("system: shop\nversion: 1.0.0"), false);
    assert.equal(isTrain("- {"), false);
  });

  it("holds manifests, or names their files, in any order", async () => {
    const files: Record<string, string> = {
      "stock.yaml": "{ system: stock, version: 2.0.0, components: {} }",
    };
    const text = `
releases:
  - { system: shop, version: 1.0.0, components: {}, after: [stock] }
  - { manifest: stock.yaml }
`;
    const parts = await parseTrain(text, "train.yaml", async (path) => files[path]!);
    assert.deepEqual(parts, [
      {
        system: "stock",
        after: [],
        manifest: { system: "stock", version: "2.0.0", components: {} },
        source: "stock.yaml",
      },
      {
        system: "shop",
        after: ["stock"],
        manifest: { system: "shop", version: "1.0.0", components: {} },
        source: "train.yaml, releases.0",
      },
    ]);
  });

  it("is refused with all that is wrong with its shape at once", async () => {
    await refused(
      "{ releases: [7, { system: shop, after: stock }, { version: 1.0.0 }, { manifest: a.yaml, version: 1 }], order: [] }",
      /order: a train has nothing but `releases`/,
      /releases\.0: received 7/,
      /releases\.1\.after: received "stock"; allowed: a list/,
      /releases\.2: system: received nothing/,
      /releases\.3\.manifest: received also version/,
      /docs\/release\.md/,
    );
  });

  it("is refused when it is empty, broken or of nothing", async () => {
    await refused("releases: []", /a list of at least one release/);
    await refused("releases: [", /neither YAML nor JSON/);
    await refused("7", /releases: received nothing/);
  });

  it("is refused with what a file that it names lacks", async () => {
    await refused("releases: [{ manifest: gone.yaml }]", /gone\.yaml cannot be read/);
  });
});
