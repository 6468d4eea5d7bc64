import { Command, Option } from "commander";
import { ensureToolchain } from "../../local/toolchain/ensure";
import type { CommandContext } from "../context";
import { localExports, remoteExports, withKubernetes } from "../engine/environment";
import { prepareLocalStack } from "../engine/local-stack";
import { isLocalStack, localStack, requireStackFile } from "../stack-files";

/** What a shell is to have: a value by name, undefined for what it is to have no more. */
type Exports = Readonly<Record<string, string | undefined>>;

/** `switchyard env`: the exports with which plain `pulumi` works on a stack, and `kubectl` on dev. */
export function envCommand(context: CommandContext): Command {
  return new Command("env")
    .description(
      'print the exports with which plain pulumi and kubectl work here: eval "$(npx switchyard env)"; for dev it starts the local cloud and cluster where they do not run (cloud stop ends them)',
    )
    .option(
      "-s, --stack <stack>",
      "stack to work on; of staging and production, login and backend are yours",
      localStack,
    )
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["shell", "json"]).default("shell"),
    )
    .action(async ({ stack, format }: { stack: string; format: string }) => {
      requireStackFile(context.workspace, stack);
      const exports = await (isLocalStack(stack) ? exportsOfDev(context) : exportsElsewhere(context));
      context.out(format === "json" ? inJson(exports) : inShell(exports));
    });
}

async function exportsOfDev(context: CommandContext): Promise<Exports> {
  const { session, kubernetes } = await prepareLocalStack(context);
  const pulumi = localExports(context.workspace, session.toolchain.binDir, process.env.PATH ?? "");
  return kubernetes === undefined ? pulumi : withKubernetes(pulumi, kubernetes);
}

async function exportsElsewhere({ workspace, progress, signal }: CommandContext): Promise<Exports> {
  const { binDir } = await ensureToolchain({ progress, signal });
  return remoteExports(workspace, binDir, process.env);
}

function inJson(exports: Exports): string {
  return `${JSON.stringify(exports, (_name, value: unknown) => value ?? null, 2)}\n`;
}

function inShell(exports: Exports): string {
  return Object.entries(exports)
    .map(([name, value]) =>
      value === undefined ? `unset ${name}\n` : `export ${name}=${shellQuoted(value)}\n`,
    )
    .join("");
}

function shellQuoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
