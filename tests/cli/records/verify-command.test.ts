import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { readState } from "../../../cli/check/state-file";
import { checkCommand } from "../../../cli/commands/check";
import { recordsCommand } from "../../../cli/commands/records";
import { Refused } from "../../../cli/exit";
import { silentProgress } from "../../../local/progress";
import { UserError } from "../../../local/user-error";
import { evidenceFolderVariable } from "../../../policies/run/run-settings";
import { group, stateOf, urn } from "../check/support/states";
import { RecordsProject } from "./support";

/** A refusal by the policies is none of the command. */
function refusedOnly(error: unknown): void {
  assert.ok(error instanceof Refused, String(error));
}

describe("records and states on the command line", () => {
  let project: RecordsProject;
  let printed: string;
  let said: string;
  /** Where a check has state and evidence from. */
  let given: Parameters<typeof checkCommand>[1];
  beforeEach(() => {
    project = new RecordsProject();
    [printed, said] = ["", ""];
    given = undefined;
  });
  afterEach(() => project.remove());

  async function run(...argv: string[]): Promise<string> {
    const context = {
      workspace: project.workspace,
      progress: silentProgress,
      signal: new AbortController().signal,
      out: (text: string) => {
        printed += text;
      },
      say: (line: string) => {
        said += `${line}\n`;
      },
    };
    const program = new Command("switchyard").exitOverride();
    program.addCommand(recordsCommand(context)).addCommand(checkCommand(context, given));
    await program.parseAsync(argv, { from: "user" });
    return printed;
  }

  it("records verify says that all is well of records that are", async () => {
    await project.updates(2);
    assert.match(await run("records", "verify"), /^2 records, each signed, none missing/);
  });

  it("records verify does not say so of a folder that was emptied, or that never was one", async () => {
    const nothing = (error: Error) =>
      error instanceof Refused && /holds no record of dev: nothing is/.test(error.message);
    await assert.rejects(run("records", "verify"), nothing);
    await project.updates(2);
    rmSync(project.folder, { recursive: true });
    await assert.rejects(run("records", "verify"), nothing);
    assert.equal(printed, "");
  });

  it("records verify ends well, and names it, while an update runs on this host", async () => {
    await project.updates(1);
    await (await project.open()).begin();
    await run("records", "verify");
    assert.match(printed, /^2 records/);
    assert.match(said, /: this update runs now\n$/);
  });

  it("records verify ends badly for an update that never ended", async () => {
    await project.updates(1);
    await (await project.open()).begin();
    rmSync(join(project.workspace.stateDir, "running-updates"), { recursive: true });
    await assert.rejects(run("records", "verify"), /1 fault in 2 records/);
    assert.match(printed, /an update began and no record says how it ended/);
  });

  it("check does not say that all is well of a state in which there is nothing to judge", async () => {
    const file = join(project.folder, "..", "state.json");
    const of = (type: string) => ({ type, urn: `urn:pulumi:staging::switchyard::${type}::x`, inputs: {} });
    const root = of("pulumi:pulumi:Stack");
    const bare = /holds no resources but the stack itself and its providers: there is nothing to check/;
    for (const [resources, words] of [
      [[root], bare],
      [[root, of("pulumi:providers:azure-native")], bare],
      [[root, { ...of("azure-native:resources:ResourceGroup"), delete: true }], bare],
      [[root, of("switchyard:unknown:Component")], /no rule has anything to say of 2 resources: nothing is/],
    ] as const) {
      writeFileSync(file, stateOf(resources));
      await assert.rejects(
        run("check", "--state", file),
        (error: Error) => error instanceof UserError && words.test(error.message),
      );
      assert.equal(printed, "");
    }
  });

  it("check of a stack's recorded state reads the evidence of its container, as a preview does; of a file it does not", async () => {
    project.stackFile("staging", {
      "switchyard:evidence": { location: "https://keptevidence.blob.core.windows.net/staging" },
    });
    const copied = join(project.workspace.stateDir, "copy");
    mkdirSync(copied);
    writeFileSync(join(copied, "mine.dsse.json"), "no evidence");
    const type = "pulumi:pulumi:Stack";
    const stack = { type, urn: `urn:pulumi:staging::switchyard::${type}::switchyard-staging`, inputs: {} };
    const text = stateOf([stack, { ...group("g"), urn: urn("g", "switchyard", "staging") }]);
    const from = {
      recordedState: async () => readState(text, "the state", "switchyard"),
      withEvidence: async ({ stack, user }: { stack: string; user: NodeJS.ProcessEnv }) => {
        assert.equal(stack, "staging");
        return { ...user, [evidenceFolderVariable]: copied };
      },
    };
    const report = async (...argv: string[]) => {
      printed = "";
      await run("check", ...argv, "--format", "json").catch(refusedOnly);
      return printed;
    };
    given = from;
    assert.match(
      await report("--stack", "staging"),
      /mine\.dsse\.json.*it is not called after its own digest/,
    );
    const file = join(project.folder, "..", "state.json");
    writeFileSync(file, text);
    assert.match(
      await report("--state", file),
      /the container .* was not copied here: preview, up, check --stack and releases/,
    );
  });

  it("check says in words why a state file cannot be read", async () => {
    const refused = (words: RegExp) => (error: Error) =>
      error instanceof UserError && words.test(error.message);
    await assert.rejects(run("check", "--state", project.workspace.root), refused(/: it is a folder\.$/));
    await assert.rejects(
      run("check", "--state", `${project.workspace.root}/none`),
      refused(/: there is no such file\.$/),
    );
  });
});
