import { runTool } from "./run-tool";
import { SourceUnavailable } from "./source-unavailable";
import type { FillOptions } from "./tool";
import { diskFull } from "./tool-cache";
import { toolEnvironment } from "./tool-environment";

/** The digest that a list as `sha256sum` writes it has for a file; a `./` before the name counts for nothing. */
export function checksumOf(list: string, name: string): string | undefined {
  for (const line of list.split("\n")) {
    const match = /^([0-9a-f]{64})\s+\*?(?:\.\/)?(\S+)\s*$/i.exec(line);
    if (match?.[2] === name) return match[1]?.toLowerCase();
  }
  return undefined;
}

/** @throws SourceUnavailable when the archive is none, or there is no tar; UserError when the disk is full */
export async function unpack(
  archive: string,
  folder: string,
  { env, signal, held }: Pick<FillOptions, "env" | "signal" | "held">,
): Promise<void> {
  const argv = ["-xzf", archive, "-C", folder, "--no-same-owner"];
  const { code, stderr } = await runTool("tar", argv, {
    cwd: folder,
    env: toolEnvironment(env),
    signal,
    onStart: (pid) => held.covers(pid),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new SourceUnavailable("the archive cannot be unpacked: there is no tar on PATH");
  });
  if (/no space left on device|disk quota exceeded/i.test(stderr)) throw diskFull(folder);
  if (code !== 0) throw new SourceUnavailable(`the archive cannot be unpacked: ${stderr.trim()}`);
}
