import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";

/** `runtime.options` of Pulumi.yaml or PulumiPolicy.yaml, as far as this host knows them. */
export interface RuntimeOptions {
  /** Whether the SDK compiles TypeScript by itself; default true, as with the official host. */
  readonly typescript: boolean;
  /** Flags of node, in front of the script. */
  readonly nodeArguments: readonly string[];
  /** tsconfig.json that ts-node uses. */
  readonly tsconfig: string | undefined;
  /** npm, yarn, pnpm or bun; default npm. */
  readonly packageManager: string;
}

export function runtimeOptions(info: ProgramInfo | undefined): RuntimeOptions {
  const options = (info?.getOptions()?.toJavaScript() ?? {}) as Record<string, unknown>;
  const manager = text(options.packagemanager);
  return {
    typescript: options.typescript === undefined ? true : String(options.typescript) !== "false",
    nodeArguments: splitArguments(text(options.nodeargs) ?? ""),
    tsconfig: text(options.tsconfig),
    packageManager: manager === undefined || manager === "auto" ? "npm" : manager,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Words divided by blanks; single or double quotes hold blanks together. */
export function splitArguments(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ""),
  );
}
