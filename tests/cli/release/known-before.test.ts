import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandContext } from "../../../cli/context";
import { backendFolder } from "../../../cli/engine/environment";
import { checkpointFile } from "../../../cli/engine/file-stack";
import { knownFields } from "../../../cli/release/known-fields";
import { exportStack } from "../../../cli/release/stack-export";
import { settingOf } from "../../../cli/release/stack-setting";
import { silentProgress } from "../../../local/progress";

const system = "kirana-inventory";

describe("what a stack says to a release", () => {
  let root: string;
  let context: CommandContext;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "switchyard-known-"));
    const stateDir = join(root, "state");
    mkdirSync(stateDir, { mode: 0o700 });
    context = {
      workspace: { root, dist: "", policyPack: root, stateDir },
      progress: silentProgress,
      signal: new AbortController().signal,
      out: () => {},
      say: () => {},
    };
    settings("dev", {});
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const settings = (stack: string, config: object) =>
    writeFileSync(join(root, `Pulumi.${stack}.yaml`), JSON.stringify({ config }));
  const fields = (stack: string, user: NodeJS.ProcessEnv = {}) =>
    knownFields({ workspace: context.workspace, stack, system, user });

  it("is where to look: the pipeline's run, or the command that shows the release", () => {
    settings("staging", {});
    assert.equal(fields("dev").link, "npx switchyard release status kirana-inventory");
    assert.equal(fields("staging").link, "npx switchyard release status kirana-inventory --stack staging");
    const pipeline = {
      GITHUB_ACTIONS: "true",
      GITHUB_ACTOR: "ana",
      GITHUB_SERVER_URL: "https://github.test",
      GITHUB_REPOSITORY: "kirana/app",
      GITHUB_RUN_ID: "7",
    };
    assert.equal(fields("staging", pipeline).link, "https://github.test/kirana/app/actions/runs/7");
  });

  it("is whom to ask, without those whom the owner has not named yet", () => {
    assert.equal(fields("dev").contacts, undefined);
    settings("dev", {
      "kirana-inventory:contacts": {
        leadEngineer: { name: "Lea", contact: "+1 555 0100" },
        productManager: { name: "<owner: name>", contact: "pm@kirana.test" },
      },
    });
    assert.equal(fields("dev").contacts, "Lea (lead engineer, +1 555 0100)");
  });

  it("is a setting by its name, also one inside another; an encrypted one is opened, and a placeholder is none", async () => {
    settings("dev", {
      "kirana-inventory:contacts": { cto: { contact: "cto@kirana.test" } },
      "kirana-inventory:key": { secure: "v1:canary" },
      "kirana-inventory:other": "<owner: key>",
    });
    const opened: string[] = [];
    const setting = settingOf(context.workspace, "dev", async (...asked) => {
      opened.push(asked.join());
      return "opened";
    });
    assert.equal(await setting("kirana-inventory:contacts.cto.contact"), "cto@kirana.test");
    assert.equal(await setting("kirana-inventory:contacts.nobody.contact"), undefined);
    assert.deepEqual(opened, []);
    assert.equal(await setting("kirana-inventory:key"), "opened");
    assert.deepEqual(opened, ["kirana-inventory:key,"]);
    await assert.rejects(setting("kirana-inventory:other"), (error: Error & { mend?: string }) => {
      assert.match(error.message, /still a placeholder/);
      assert.equal(error.mend, "pulumi config set kirana-inventory:other --stack dev");
      return true;
    });
  });

  it("is its state as the release found it: kept once, for its owner alone", async () => {
    const file = checkpointFile(backendFolder(context.workspace), "dev");
    await assert.rejects(exportStack(context, "dev", "r-1"), /no recorded state/);
    const state = (time: string) =>
      JSON.stringify({
        version: 3,
        checkpoint: {
          latest: {
            manifest: { time },
            resources: [
              {
                urn: "urn:pulumi:dev::switchyard::pulumi:pulumi:Stack::switchyard-dev",
                type: "pulumi:pulumi:Stack",
              },
            ],
          },
        },
      });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, state("2026-11-21T10:00:00Z"));
    const first = await exportStack(context, "dev", "r-1");
    const kept = join(context.workspace.stateDir, first.file);
    assert.equal(first.updatedAt, "2026-11-21T10:00:00Z");
    assert.equal(first.digest, `sha256:${createHash("sha256").update(readFileSync(kept)).digest("hex")}`);
    assert.equal(statSync(kept).mode & 0o777, 0o600);
    writeFileSync(file, state("2026-11-21T11:00:00Z"));
    assert.deepEqual(await exportStack(context, "dev", "r-1"), first);
    assert.equal((await exportStack(context, "dev", "r-2")).updatedAt, "2026-11-21T11:00:00Z");
  });
});
