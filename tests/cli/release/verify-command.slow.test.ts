import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { releaseCommand } from "../../../cli/commands/release";
import { Refused } from "../../../cli/exit";
import { journalStoreOf } from "../../../cli/release/journal-store";
import { silentProgress } from "../../../local/progress";
import { UserError } from "../../../local/user-error";
import { intent, started } from "../../release/support/journals";
import { RecordsProject } from "../records/support";

describe("release verify", () => {
  let project: RecordsProject;
  let printed: string;
  beforeEach(() => {
    project = new RecordsProject();
    printed = "";
  });
  afterEach(() => project.remove());

  const folderOf = (...path: string[]) => join(project.workspace.stateDir, "releases", ...path);

  async function verify(...argv: string[]): Promise<string> {
    const context = {
      workspace: project.workspace,
      progress: silentProgress,
      signal: new AbortController().signal,
      out: (text: string) => {
        printed += text;
      },
      say: () => {},
    };
    const program = new Command("switchyard").exitOverride().addCommand(releaseCommand(context));
    await program.parseAsync(["release", "verify", ...argv], { from: "user" });
    return printed;
  }

  async function released(system: string, release: string): Promise<void> {
    const store = journalStoreOf({ workspace: project.workspace, stack: "dev", user: {} });
    const lease = await store.acquire(system, release, "Lena");
    const journal = store.open(system, release, lease);
    for (const entry of [started(release), intent("a")]) await journal.append(entry);
    await lease.giveBack();
  }

  const refused = (words: RegExp) => (error: Error) => error instanceof Refused && words.test(error.message);

  it("says that all is well of journals that are: of a system, a train, by its id too, and of incidents", async () => {
    await released("kirana-store", "r-1");
    await released("train", "train-1");
    await released("kirana-store.incidents", "i-1");
    assert.match(await verify("kirana-store"), /^r-1 {2}2 records {2}signed by /);
    for (const named of ["train", "train-1"]) {
      printed = "";
      assert.match(await verify(named), /^train-1 {2}2 records/);
    }
    printed = "";
    assert.match(await verify("kirana-store.incidents"), /^i-1 {2}2 records/);
  });

  it("refuses what is no system, and names those that there are", async () => {
    for (const named of ["nope", "nope.incidents"]) {
      await assert.rejects(
        verify(named),
        (error: Error) =>
          error instanceof UserError &&
          error.message === 'There is no system "nope".' &&
          /kirana-store/.test(error.mend ?? ""),
      );
    }
  });

  it("does not say that all is well of a store without a journal of it", async () => {
    await released("kirana-store", "r-1");
    const nothing = (system: string) => refused(new RegExp(`holds no journal of ${system}: nothing is`));
    await assert.rejects(verify("tesoro-xp"), nothing("tesoro-xp"));
    await assert.rejects(verify("train"), nothing("train"));
    rmSync(folderOf(), { recursive: true });
    await assert.rejects(verify("kirana-store"), nothing("kirana-store"));
    assert.equal(printed, "");
  });

  for (const [what, taken] of [
    ["folder", ["r-1"]],
    ["files", ["r-1", "journal-1.jsonl"]],
  ] as const) {
    it(`counts a release whose journal's ${what} was taken away from beside its signed head as a fault`, async () => {
      await released("kirana-store", "r-1");
      await released("kirana-store", "r-2");
      rmSync(folderOf("kirana-store", ...taken), { recursive: true });
      await assert.rejects(verify("kirana-store"), refused(/1 journal of 2 cannot be relied on/));
      assert.match(printed, /^r-1 .*the journal is gone; the signed head counts 2 records/m);
      assert.match(printed, /^r-2 {2}2 records/m);
      await assert.rejects(verify("kirana-store", "r-1"), refused(/1 journal of 1 cannot be relied on/));
    });
  }
});
