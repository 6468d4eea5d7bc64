import { Command, Option } from "commander";
import type { CommandContext } from "../context";
import { localExports, withKubernetes } from "../engine/environment";
import { prepareLocalStack } from "../engine/local-stack";

/** `switchyard env`: the exports with which plain `pulumi` and `kubectl` work on the dev stack. */
export function envCommand(context: CommandContext): Command {
  return new Command("env")
    .description(
      'print the exports with which plain pulumi and kubectl work here: eval "$(npx switchyard env)"',
    )
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["shell", "json"]).default("shell"),
    )
    .action(async (options: { format: string }) => {
      const { session, kubernetes } = await prepareLocalStack(context);
      const path = process.env.PATH ?? "";
      const pulumi = localExports(context.workspace, session.toolchain.binDir, path);
      const exports = kubernetes === undefined ? pulumi : withKubernetes(pulumi, kubernetes);
      context.out(
        options.format === "json"
          ? `${JSON.stringify(exports, null, 2)}\n`
          : Object.entries(exports)
              .map(([name, value]) => `export ${name}=${shellQuoted(value)}\n`)
              .join(""),
      );
    });
}

function shellQuoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
