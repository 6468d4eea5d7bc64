import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Process that holds the lock of dev in a state folder's backend; undefined when none does. */
export function lockHolder(stateDir: string): number | undefined {
  const folder = join(stateDir, "backend", ".pulumi", "locks", "organization", "switchyard", "dev");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const file = names.find((name) => name.endsWith(".json"));
  if (file === undefined) return undefined;
  return (JSON.parse(readFileSync(join(folder, file), "utf8")) as { pid: number }).pid;
}
