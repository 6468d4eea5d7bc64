import { createInterface } from "node:readline/promises";

/** Whether somebody sits at this process's terminal. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks at the terminal. @returns undefined without one, and when nothing is said */
export async function askTerminal(question: string, signal: AbortSignal): Promise<string | undefined> {
  if (!isTerminal()) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = (await lines.question(`${question} `, { signal })).trim();
    return said === "" ? undefined : said;
  } finally {
    lines.close();
  }
}

/** Anything but yes is no. */
export async function confirmAtTerminal(question: string, signal: AbortSignal): Promise<boolean> {
  return /^y(es)?$/i.test((await askTerminal(`${question} [y/N]`, signal)) ?? "");
}
