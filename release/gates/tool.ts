import { execFile } from "node:child_process";
import type { CheckGate } from "../../runbooks/entry-basics";
import { answer, type CheckOf, looking, nothing } from "./asking";
import type { GateProvider } from "./gate-provider";

/** What asks a tool for its version where `--version` does not. */
const versionArguments: Readonly<Record<string, readonly string[]>> = {
  kubectl: ["version", "--client"],
  helm: ["version", "--short"],
  "docker compose": ["compose", "version"],
};

/** Whether a tool is on this machine, and new enough. One whose work a library does is not looked for. */
export function toolProvider(path: string | undefined = process.env.PATH): GateProvider<CheckGate> {
  return {
    look(gate, context) {
      const { tool, minimumVersion, replacedBy } = gate.check as CheckOf<"tool">;
      const question = `${tool} --version`;
      return looking(question, gate, context, async ({ signal }) => {
        if (replacedBy !== undefined)
          return answer(question, true, `not needed: its work is done by ${replacedBy}`);
        const command = tool.split(" ")[0]!;
        const said = await run(command, versionArguments[tool] ?? ["--version"], path, signal);
        if ("missing" in said) return answer(question, false, `${command} is not on PATH`);
        if ("failed" in said)
          return nothing(question, `${command} does not tell its version: ${said.failed}`);
        const version = /\d+(\.\d+){1,2}/.exec(said.output)?.[0];
        if (version === undefined) return nothing(question, `${command} names no version`);
        if (minimumVersion === undefined) return answer(question, true, version);
        const holds = order(version, minimumVersion) >= 0;
        return answer(question, holds, `${version}, at least ${minimumVersion}`);
      });
    },
  };
}

type Said = { readonly output: string } | { readonly missing: true } | { readonly failed: string };

function run(
  command: string,
  args: readonly string[],
  path: string | undefined,
  signal: AbortSignal,
): Promise<Said> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      [...args],
      { env: { PATH: path }, signal, maxBuffer: 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ output: `${stdout}\n${stderr}` });
        if (signal.aborted) return reject(signal.reason);
        const { code } = error as { code?: unknown };
        resolve(code === "ENOENT" ? { missing: true } : { failed: `it ended with ${String(code)}` });
      },
    );
  });
}

/** @returns below 0 when `a` is the older one */
function order(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (left![index] ?? 0) - (right![index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
