import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EvidenceContainer } from "../../../cli/evidence/evidence-container";
import { withEvidence } from "../../../cli/evidence/evidence-of-stack";
import type { Workspace } from "../../../cli/workspace";
import { evidenceFolderVariable } from "../../../policies/run/run-settings";
import type { HttpAnswer, HttpRequest } from "../../../release/clients/http";

const address = "https://switchyard.blob.core.windows.net/evidence";
const login = { token: async () => "token" };
const digest = (digit: string) => `${digit.repeat(64)}.dsse.json`;

/** A container in memory; `asked` lists what was read of it. */
class Blobs {
  readonly asked: string[] = [];
  status = 200;
  constructor(readonly texts: Map<string, string>) {}

  readonly exchange = async ({ method, url, headers }: HttpRequest): Promise<HttpAnswer> => {
    assert.equal(method, "GET");
    assert.equal(headers?.authorization, "Bearer token");
    if (this.status !== 200)
      return {
        status: this.status,
        text: "<Error><Code>AuthorizationPermissionMismatch</Code></Error>",
        headers: {},
      };
    const { pathname, searchParams } = new URL(url);
    if (searchParams.get("comp") === "list") {
      const names = [...this.texts.keys()].map((name) => `<Blob><Name>${name}</Name></Blob>`).join("");
      return {
        status: 200,
        text: `<EnumerationResults>${names}<NextMarker/></EnumerationResults>`,
        headers: {},
      };
    }
    const name = pathname.replace(/^\/evidence\//, "");
    this.asked.push(name);
    return { status: 200, text: this.texts.get(name) ?? "", headers: {} };
  };
}

describe("evidence in a container", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "switchyard-evidence-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const workspace = () => ({ root, stateDir: join(root, "state") }) as Workspace;
  const copies = () => join(root, "state", "evidence-copies", "production");
  const given = (blobs: Blobs) => new EvidenceContainer(address, login, blobs.exchange);

  it("is copied to the state folder, where the pack then looks", async () => {
    const blobs = new Blobs(
      new Map([
        [digest("a"), "one"],
        [digest("b"), "two"],
        ["notes.txt", "no evidence"],
      ]),
    );
    const user = await withEvidence(
      { workspace: workspace(), stack: "production", user: { HOME: "h" } },
      given(blobs),
    );
    assert.deepEqual(user, { HOME: "h", [evidenceFolderVariable]: copies() });
    assert.deepEqual(readdirSync(copies()).sort(), [digest("a"), digest("b")]);
    assert.equal(readFileSync(join(copies(), digest("b")), "utf8"), "two");
  });

  it("is copied again without reading what is there, and without what is gone from it", async () => {
    mkdirSync(copies(), { recursive: true });
    writeFileSync(join(copies(), digest("a")), "one");
    writeFileSync(join(copies(), digest("c")), "withdrawn");
    const blobs = new Blobs(
      new Map([
        [digest("a"), "one"],
        [digest("b"), "two"],
      ]),
    );
    await withEvidence({ workspace: workspace(), stack: "production", user: {} }, given(blobs));
    assert.deepEqual(blobs.asked, [digest("b")]);
    assert.deepEqual(readdirSync(copies()).sort(), [digest("a"), digest("b")]);
  });

  it("writes nothing outside its folder, whatever the names in it", async () => {
    const blobs = new Blobs(
      new Map([
        [`../${digest("a")}`, "out"],
        [`sub/${digest("b")}`, "below"],
      ]),
    );
    await withEvidence({ workspace: workspace(), stack: "production", user: {} }, given(blobs));
    assert.deepEqual(readdirSync(copies()), []);
    assert.ok(!existsSync(join(root, "state", "evidence-copies", digest("a"))));
  });

  it("that cannot be read is told, and nothing stands in for it: not even an older copy", async () => {
    mkdirSync(copies(), { recursive: true });
    writeFileSync(join(copies(), digest("a")), "older");
    const blobs = new Blobs(new Map());
    blobs.status = 403;
    const said: string[] = [];
    const user = await withEvidence(
      { workspace: workspace(), stack: "production", user: {}, say: (line) => said.push(line) },
      given(blobs),
    );
    assert.deepEqual(user, {});
    assert.match(
      said.join(),
      /container of evidence .* cannot be listed: AuthorizationPermissionMismatch.*Reader/,
    );
  });

  it("is left alone where a copy is named", async () => {
    const blobs = new Blobs(new Map([[digest("a"), "one"]]));
    const named = { [evidenceFolderVariable]: "elsewhere" };
    assert.equal(
      await withEvidence({ workspace: workspace(), stack: "production", user: named }, given(blobs)),
      named,
    );
    assert.deepEqual(blobs.asked, []);
  });
});
