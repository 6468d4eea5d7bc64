import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandContext } from "../../../cli/context";
import { journalStoreOf } from "../../../cli/release/journal-store";
import { showExplain } from "../../../cli/release/show-explain";
import { silentProgress } from "../../../local/progress";
import { UserError } from "../../../local/user-error";
import { planOf, questionOf } from "../../release/plan/support/questions";
import { root } from "../../support/root";

const system = "case-management";

/** On a journal in a state folder of its own. */
describe("release explain --gate", () => {
  let stateDir: string;
  let printed: string;
  let context: CommandContext;

  beforeEach(async () => {
    stateDir = mkdtempSync(join(tmpdir(), "switchyard-explain-"));
    printed = "";
    context = {
      workspace: { root, dist: "", policyPack: "", stateDir },
      progress: silentProgress,
      signal: new AbortController().signal,
      out: (text) => {
        printed += text;
      },
      say: () => {},
    };
    const store = journalStoreOf({ workspace: context.workspace, stack: "dev", user: {} });
    const lease = await store.acquire(system, "a-1", "test");
    const journal = store.open(system, "a-1", lease);
    const plan = JSON.parse(JSON.stringify(planOf(questionOf(system, { environment: "dev" }))));
    await journal.append({ kind: "started", format: 1, release: "a-1", by: "ana", plan });
    await lease.leave();
  });
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

  const explain = (gate: string) => showExplain(context, system, { stack: "dev", gate, format: "text" });

  it("refuses a gate that the release does not have, naming those it has", async () => {
    await assert.rejects(explain("nope"), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.message, "This release has no gate nope.");
      assert.match(error.mend ?? "", /^Its gates: .*live-side-available/);
      return true;
    });
    assert.equal(printed, "");
  });

  it("has nothing to say of a gate that was not looked at yet", async () => {
    await explain("live-side-available");
    assert.match(printed, /^case-management, release a-1\n/);
  });

  it("has a hold that names it behind another gate", async () => {
    const store = journalStoreOf({ workspace: context.workspace, stack: "dev", user: {} });
    const lease = await store.takeOver(system, "test");
    const journal = store.open(system, "a-1", lease);
    await journal.read();
    const gates = ["api-health"];
    await journal.append({
      kind: "held",
      why: "errors; also 503",
      gate: "error-rate",
      gates,
      needsPerson: true,
    });
    await lease.leave();
    await explain("api-health");
    assert.match(printed, /on hold: errors; also 503/);
  });
});
