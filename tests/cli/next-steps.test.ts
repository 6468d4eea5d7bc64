import { strict as assert } from "node:assert";
import type { Command } from "commander";
import type { CommandContext } from "../../cli/context";
import { nextStepLines, nextSteps } from "../../cli/next-steps";
import { program } from "../../cli/run-cli";
import { repoRoot } from "../../local/repo-root";

const root = repoRoot();
const workspace = { root, dist: "", policyPack: "", stateDir: "" };
const steps = nextSteps(workspace);

describe("next steps once dev is up", () => {
  it("are several, a line each, aligned", () => {
    const lines = nextStepLines(steps);
    assert.equal(lines.length, 4);
    assert.equal(new Set(steps.map(({ what }, index) => lines[index]!.indexOf(what))).size, 1);
  });

  for (const { command } of steps) {
    for (const part of parts(command)) {
      it(`${part}: can be run as it stands`, () => {
        const [first, ...words] = part.split(" ");
        if (first === "pulumi") assertNamesStack(words);
        else assertKnown(words.slice(1));
      });
    }
  }
});

/** `eval "$(a)" && b` is a, then b. */
function parts(command: string): readonly string[] {
  return command.split(" && ").map((part) => /^eval "\$\((.+)\)"$/.exec(part)?.[1] ?? part);
}

/** No stack is selected where only switchyard was used. */
function assertNamesStack(words: readonly string[]): void {
  assert.equal(words[words.indexOf("--stack") + 1], "dev");
}

/** The command line has such a command, with these options and so many arguments. */
function assertKnown(words: readonly string[]): void {
  let command: Command = program({ workspace } as CommandContext, "0");
  let rest = [...words];
  for (;;) {
    const child = command.commands.find((each) => each.name() === rest[0]);
    if (child === undefined) break;
    [command, rest] = [child, rest.slice(1)];
  }
  assert.deepEqual(command.commands, [], `${words.join(" ")} names no command`);
  const { operands, unknown } = command.parseOptions(rest);
  assert.deepEqual(unknown, []);
  const { registeredArguments } = command;
  assert.ok(operands.length >= registeredArguments.filter(({ required }) => required).length);
  assert.ok(registeredArguments.at(-1)?.variadic || operands.length <= registeredArguments.length);
}
