import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession } from "../../../cli/incident/incident-session";
import { type Climbed, climbEach, watchLadders } from "../../../cli/incident/watch";
import { silentProgress } from "../../../local/progress";
import { root } from "../../support/root";
import { incidentId, opened } from "./support/opened";

const sessions = ["kirana-store", "tesoro-xp", "case-management"].map((system) => ({ contract: { system } }));

describe("ladders of several systems", () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 9, 13, 12, minute));

  it("are counted together, and the first that is due says when somebody has to look again", async () => {
    const found: Record<string, Climbed> = {
      "kirana-store": { open: 1, next: at(20) },
      "tesoro-xp": { open: 0 },
      "case-management": { open: 2, next: at(5) },
    };
    const all = await climbEach(sessions, async ({ contract }) => found[contract.system]!, assert.fail);
    assert.deepEqual(all, { open: 3, next: at(5) });
  });

  it("are all climbed when one of them cannot be, which is said with its system and thrown at the end", async () => {
    const [climbed, said]: [string[], string[]] = [[], []];
    const climb = async ({ contract: { system } }: (typeof sessions)[number]) => {
      if (system === "kirana-store") throw new Error("the vault does not answer");
      climbed.push(system);
      return { open: 1 };
    };
    await assert.rejects(
      climbEach(sessions, climb, (line) => void said.push(line)),
      /the vault does not answer/,
    );
    assert.deepEqual(climbed, ["tesoro-xp", "case-management"]);
    assert.deepEqual(said, ["kirana-store: the vault does not answer"]);
  });
});

/** On dev's stack file and a state folder of its own: neither cloud nor cluster is there. */
describe("a scheduled look at ladders", () => {
  let stateDir: string;
  let printed: string;
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), "switchyard-watch-"));
    printed = "";
  });
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

  const context = () => ({
    workspace: { root, dist: "", policyPack: "", stateDir },
    progress: silentProgress,
    signal: new AbortController().signal,
    out: (text: string) => {
      printed += text;
    },
    say: () => {},
  });

  it("ends at once where nothing is open, and asks nobody", async () => {
    await watchLadders(context(), undefined, { stack: "dev", once: true });
    assert.equal(printed, "nothing is open on dev\n");
  });

  it("ends with 1 where whom to tell cannot be found out, and does not say that nothing is open", async () => {
    const { book } = openSession(context(), { system: "case-management", stack: "dev" });
    await book.write(incidentId, () => [opened]);
    await assert.rejects(watchLadders(context(), undefined, { stack: "dev", once: true }));
    assert.equal(printed, "");
  });
});
