import type { Command, Option } from "commander";
import type { CommandContext } from "../../../cli/context";
import { program } from "../../../cli/run-cli";
import { silentProgress } from "../../../local/progress";
import { root } from "../../support/root";

/** The command line as users have it, made and not run. */
export function commandLine(): Command {
  const context: CommandContext = {
    workspace: { root, dist: "", policyPack: "", stateDir: "" },
    progress: silentProgress,
    signal: new AbortController().signal,
    out: () => {},
    say: () => {},
  };
  return program(context, "0.0.0");
}

/** The `npx switchyard …` lines of a shell script, as words; what follows a pipe or a redirection is not theirs. */
export function switchyardLines(script: string): string[][] {
  const joined = script.replace(/\\\n/g, " ");
  const lines: string[][] = [];
  for (const line of joined.split("\n")) {
    if (/^\s*#/.test(line)) continue;
    for (const [, rest] of line.matchAll(/\bnpx switchyard\b((?:"[^"]*"|'[^']*'|[^|;&><)"'])*)/g)) {
      lines.push((rest?.match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? []).map((word) => word.replace(/["']/g, "")));
    }
  }
  return lines;
}

/** What is wrong with a command line; undefined when the command line program takes it. Nothing is run. */
export function faultOf(words: readonly string[], program: Command): string | undefined {
  let command = program;
  let at = 0;
  for (; at < words.length; at++) {
    const next = command.commands.find((child) => child.name() === words[at]);
    if (next === undefined) break;
    command = next;
  }
  if (command === program) return `there is no command ${words[0]}`;
  const given = new Set<Option>();
  let operands = 0;
  while (at < words.length) {
    const word = words[at++]!;
    if (word === "--help") continue;
    if (!word.startsWith("-")) {
      operands++;
      continue;
    }
    const option = command.options.find(({ long, short }) => word === long || word === short);
    if (option === undefined) return `${command.name()} has no option ${word}`;
    given.add(option);
    if (!option.required) continue;
    const value = words[at++];
    if (value === undefined || value.startsWith("-")) return `${word} needs a value`;
    const fault = valueFault(option, value);
    if (fault !== undefined) return fault;
    while (option.variadic && at < words.length && !words[at]!.startsWith("-")) at++;
  }
  if (operands > command.registeredArguments.length) return `${command.name()} takes fewer operands`;
  if (command.commands.length > 0 && !words.includes("--help")) return `${command.name()} needs a subcommand`;
  const missing = command.options.find((option) => option.mandatory && !given.has(option));
  return missing === undefined ? undefined : `${command.name()} needs ${missing.long}`;
}

/** A value that the shell fills in is not known here, but the beginning of format=file is. */
function valueFault(option: Option, value: string): string | undefined {
  if (value.startsWith("$")) return undefined;
  if (option.argChoices && !option.argChoices.includes(value)) return `${option.long} does not take ${value}`;
  try {
    option.parseArg?.(value, option.defaultValue as never);
    return undefined;
  } catch (error) {
    return `${option.long} ${value}: ${(error as Error).message}`;
  }
}
