import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandContext } from "../../../cli/context";
import { UsageError } from "../../../cli/exit";
import { prepare } from "../../../cli/release/prepare";
import { showPlan } from "../../../cli/release/show-plan";
import { loadTrain } from "../../../cli/release/train/load-train";
import { silentProgress } from "../../../local/progress";
import { UserError } from "../../../local/user-error";
import { UserError as ReleaseError } from "../../../release/user-error";
import { root } from "../../support/root";

const system = "kirana-store";

/** There is no cloud, no recorded state and no state backend here: whoever asked for one would say so. */
describe("what a plan says of its manifest and its faults before it looks at the stack", () => {
  let folder: string;
  let context: CommandContext;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-plan-input-"));
    context = {
      workspace: { root, dist: "", policyPack: "", stateDir: folder },
      progress: silentProgress,
      signal: new AbortController().signal,
      out: () => {},
      say: () => {},
    };
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function refusal(doing: () => Promise<unknown>): Promise<string> {
    try {
      await doing();
    } catch (error) {
      const isTold =
        error instanceof UserError || error instanceof ReleaseError || error instanceof UsageError;
      assert.ok(isTold, String(error));
      return `${error.message}\n${error.mend}`;
    }
    return assert.fail("it was not refused");
  }
  const plan = (stack: string, to: string, fault: readonly string[] = []) =>
    refusal(() => {
      const choices = { emergency: false, infrastructure: false, format: "text" as const };
      return showPlan(context, system, { ...choices, to, stack, fault, simulate: fault.length > 0 });
    });
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  for (const stack of ["dev", "production"]) {
    it(`${stack}: a file that is not there, and a folder`, async () => {
      assert.match(
        await plan(stack, join(folder, "none.yaml")),
        /^The manifest .*none\.yaml cannot be read: there is no such file\.\nName a YAML or JSON file/,
      );
      assert.match(await plan(stack, folder), /cannot be read: it is a folder\./);
    });

    it(`${stack}: one that is empty, binary, or of another system`, async () => {
      assert.match(
        await plan(stack, file("empty.yaml", "")),
        /^.*empty\.yaml cannot be released as it is:\n.*received nothing/,
      );
      assert.match(
        await plan(stack, file("binary", Buffer.from([0, 1, 2, 255, 123]))),
        /^.*binary (is neither|cannot be)/,
      );
      assert.match(
        await plan(stack, file("other.yaml", "system: tesoro-xp\nversion: 1\ncomponents: {}\n")),
        /system: received "tesoro-xp"; allowed: kirana-store/,
      );
    });

    it(`${stack}: release prepare says the same`, async () => {
      const to = file("empty.yaml", "");
      assert.match(
        await refusal(() => prepare(context, system, { to, stack })),
        /cannot be released as it is/,
      );
    });

    it(`${stack}: and so does a train, of each of its manifests`, async () => {
      const to = file("train.yaml", "releases: [{ system: kirana-store, version: 1, components: {} }]");
      assert.match(
        await refusal(() => loadTrain(context, [system], { to, stack })),
        /components\.kirana-store-backend: received nothing/,
      );
    });
  }

  it("--to example anywhere but on dev", async () => {
    assert.match(await plan("production", "example"), /--to example is for dev/);
  });

  for (const fault of ["foo", "gate:x=loud", "write:0", "unready", "say:hello@1", "gate: @"])
    it(`--fault ${fault}, with all that there are`, async () => {
      const refused = await plan("dev", "example", [fault]);
      assert.ok(refused.startsWith(`--fault ${fault}: `), refused);
      assert.match(refused, /\nFaults: gate:NAME/);
    });

  it("goes on to the stack with what is written well, whose names only the plan knows", async () => {
    for (const fault of ["gate:x@1", "never-ready", "unready:t@1", "evidence:e", "people:never", "killed:3"])
      assert.match(await plan("dev", "example", [fault]), /^dev has no recorded state here/);
  });
});
