import { spawnSync } from "node:child_process";

/** Debian's packages of the programs, which CI brings along. */
const packages = {
  promtool: "prometheus",
  prometheus: "prometheus",
  amtool: "prometheus-alertmanager",
} as const;

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  /** Both streams, for messages. */
  readonly output: string;
}

/** Skips the suite, with the reason, on a machine without the program. Call from `before`. */
export function requireTool(context: Mocha.Context, name: keyof typeof packages): void {
  if (spawnSync(name, ["--version"]).error === undefined) return;
  context.test!.title += ` (${name} is not installed: apt-get install ${packages[name]})`;
  context.skip();
}

export function runTool(name: keyof typeof packages, args: readonly string[]): ToolResult {
  const { status, stdout, stderr, error } = spawnSync(name, [...args], { encoding: "utf8", timeout: 60_000 });
  if (error) throw error;
  return { code: status ?? -1, stdout, output: `${stdout}${stderr}` };
}
