import assert from "node:assert/strict";
import { Command } from "commander";
import { releaseStartCommand } from "../../../cli/commands/release-start";
import type { CommandContext } from "../../../cli/context";

describe("switchyard release start", () => {
  it("begins now, and says where a time belongs when one is named", async () => {
    const said: string[] = [];
    const start = releaseStartCommand({} as CommandContext).exitOverride();
    start.configureOutput({ writeErr: (text) => said.push(text) });
    const program = new Command("switchyard").exitOverride().addCommand(start);
    const argv = ["start", "kirana-store", "--to", "m.yaml", "--at", "2026-12-01T10:00:00Z"];
    await assert.rejects(program.parseAsync(argv, { from: "user" }), { code: "commander.invalidArgument" });
    assert.match(
      said.join(""),
      /release start begins now\. release schedule SYSTEM --to MANIFEST --at 2026-12-01T10:00:00Z/,
    );
    assert.doesNotMatch(start.helpInformation(), /--at/);
  });
});
