import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { codeOf, makeFolder, namesIn, readIfThere, replaceFile, writeOnce } from "./files";
import type { Command } from "./journal";
import { thisMachine } from "./machine";
import { commandName, commandText, newCommands, parseCommand, requireId } from "./names";

const markSchema = z.object({
  system: z.string(),
  release: z.string(),
  stack: z.string(),
  holder: z.string(),
  /** Of this start of the machine; absent where none can be told. */
  machine: z.string().optional(),
  process: z.object({ pid: z.number().int(), started: z.string() }).optional(),
  /** Steps of the plan after which all traffic is back. */
  back: z.array(z.string()).readonly(),
});

/** A process of this machine that runs a release, as it says so itself. */
export type RunningHere = Readonly<z.infer<typeof markSchema>>;

const markEnd = ".process.json";

/**
 * The way to the process that runs a release for people on its own machine, whatever becomes of the store of its journal.
 * The process says in `SYSTEM.RELEASE.process.json` that it runs; what it is told lies in `SYSTEM.RELEASE.commands/` until it
 * has written it down. Whoever may write there is the process's own user, who could end it as well.
 */
export class CommandsHere {
  private readonly mark: string;
  private readonly commands: string;

  /** @param folder of this machine; made when it is needed */
  constructor(
    private readonly folder: string,
    system: string,
    release: string,
  ) {
    const name = `${requireId(system, "system")}.${requireId(release, "release")}`;
    this.mark = join(folder, `${name}${markEnd}`);
    this.commands = join(folder, `${name}.commands`);
  }

  /** That this process runs it. */
  async announce(running: Omit<RunningHere, "machine" | "process">): Promise<void> {
    const { id, self } = thisMachine();
    const mark: RunningHere = {
      ...running,
      ...(id !== undefined && { machine: id }),
      ...(self !== undefined && { process: self }),
    };
    await makeFolder(this.folder);
    await replaceFile(this.mark, `${JSON.stringify(mark)}\n`);
  }

  /** That it does not any more. */
  async withdraw(): Promise<void> {
    await rm(this.mark, { force: true });
  }

  /** Whole or not at all; sent twice is sent once. */
  async send(command: Command): Promise<void> {
    await makeFolder(this.commands);
    try {
      await writeOnce(join(this.commands, commandName(command)), commandText(command));
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }

  /** Nobody has written it down, and nobody is to any more. */
  async takeBack(command: Command): Promise<void> {
    await rm(join(this.commands, commandName(command)), { force: true });
  }

  /** Whether it was not written down yet. */
  async isWaiting(command: Command): Promise<boolean> {
    return (await readIfThere(join(this.commands, commandName(command)))) !== undefined;
  }

  /**
   * What was not written down yet, in the order in which it was sent. Of the others the files go.
   *
   * @param known ids of what the journal has
   */
  async given(
    known: ReadonlySet<string>,
    warn: (line: string) => void = () => {},
  ): Promise<readonly Command[]> {
    const names = await namesIn(this.commands);
    const waiting = newCommands(names, known);
    const heard = newCommands(names, new Set()).filter((name) => !waiting.includes(name));
    await Promise.all(heard.map((name) => rm(join(this.commands, name), { force: true })));
    const commands: Command[] = [];
    for (const name of waiting) {
      const text = await readIfThere(join(this.commands, name));
      if (text === undefined) continue;
      const command = parseCommand(text.toString("utf8"));
      if (typeof command !== "string") commands.push(command);
      else {
        warn(`${join(this.commands, name)} is no command and is removed: ${command}`);
        await rm(join(this.commands, name), { force: true });
      }
    }
    return commands;
  }
}

/** The process of this machine that runs a release of a system on a stack, where there is one that has not ended. */
export async function runningHere(
  folder: string,
  { system, stack, release }: { readonly system: string; readonly stack: string; readonly release?: string },
): Promise<RunningHere | undefined> {
  for (const name of await namesIn(folder)) {
    if (!name.startsWith(`${system}.`) || !name.endsWith(markEnd)) continue;
    const mark = markIn((await readIfThere(join(folder, name)))?.toString("utf8"));
    if (mark?.system !== system || mark.stack !== stack) continue;
    if (release !== undefined && mark.release !== release) continue;
    if (isAlive(mark)) return mark;
  }
  return undefined;
}

/** A process number says nothing after a new start of the machine. */
function isAlive({ machine, process }: RunningHere): boolean {
  const here = thisMachine();
  if (machine !== here.id) return false;
  return process === undefined || !here.hasEnded(process);
}

function markIn(text: string | undefined): RunningHere | undefined {
  if (text === undefined) return undefined;
  try {
    return markSchema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
