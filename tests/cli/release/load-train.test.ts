import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asksForTrain, loadTrain } from "../../../cli/release/train/load-train";
import { UserError } from "../../../local/user-error";
import { UserError as ReleaseError } from "../../../release/user-error";

/** What is wrong with a train is said before any cloud is asked: there is none here. */
describe("the releases of a train", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "switchyard-train-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function file(text: string): Promise<string> {
    const path = join(folder, "train.yaml");
    await writeFile(path, text);
    return path;
  }

  async function refused(
    systems: readonly string[],
    text: string,
    ...words: readonly RegExp[]
  ): Promise<void> {
    const to = text === "example" ? text : await file(text);
    await assert.rejects(loadTrain({} as never, systems, { to, stack: "dev" }), (error) => {
      assert.ok(error instanceof UserError || error instanceof ReleaseError, `${error}`);
      for (const each of words) assert.match(`${error.message}\n${error.mend}`, each);
      return true;
    });
  }

  const two =
    "releases: [{ system: retail-agentic, after: [kirana-inventory] }, { system: kirana-inventory }]";

  it("are asked for by several systems, or by a file of several", async () => {
    assert.equal(await asksForTrain(["retail-agentic"], await file(two)), true);
    assert.equal(await asksForTrain(["retail-agentic"], await file("system: retail-agentic")), false);
    assert.equal(await asksForTrain(["retail-agentic"], join(folder, "none.yaml")), false);
    assert.equal(await asksForTrain(["retail-agentic", "tesoro-xp"], "example"), true);
  });

  it("are of systems with a runbook", async () => {
    await refused(
      ["retail-agentic", "shop"],
      two,
      /no system "shop"/,
      /Systems with a runbook: .*retail-agentic/,
    );
    await refused(["retail-agentic", "shop"], "example", /no system "shop"/);
    await refused(
      ["retail-agentic", "kirana-inventory"],
      "releases: [{ system: shop }, { system: retail-agentic }, { system: kirana-inventory }]",
      /no system "shop"/,
    );
  });

  it("have a part in the file, and the file has none that is not named", async () => {
    await refused(
      ["retail-agentic", "tesoro-xp"],
      two,
      /no release of tesoro-xp; it has kirana-inventory, retail-agentic/,
      /Add one/,
    );
    await refused(
      ["retail-agentic"],
      two,
      /also releases kirana-inventory, which the command does not name/,
      /Name all: kirana-inventory retail-agentic/,
    );
  });

  it("are named once", async () => {
    await refused(
      ["retail-agentic", "retail-agentic", "kirana-inventory"],
      two,
      /retail-agentic is named twice/,
    );
    await refused(["retail-agentic", "retail-agentic"], "example", /releases retail-agentic twice/);
  });

  it("do not wait for each other", async () => {
    await refused(
      ["retail-agentic", "kirana-inventory"],
      "releases: [{ system: retail-agentic, after: [kirana-inventory] }, { system: kirana-inventory, after: [retail-agentic] }]",
      /comes after .* comes after/,
    );
  });

  it("come from a file of several", async () => {
    await refused(["retail-agentic", "kirana-inventory"], "system: retail-agentic", /holds no `releases`/);
    await assert.rejects(
      loadTrain({} as never, ["retail-agentic", "kirana-inventory"], {
        to: join(folder, "none.yaml"),
        stack: "dev",
      }),
      /none\.yaml cannot be read/,
    );
  });
});
