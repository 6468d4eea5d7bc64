import { statfsSync } from "node:fs";

/** With less than this nothing that is worth keeping can be written. */
const fullBelowBytes = 8 * 2 ** 20;

/** Says that the disk of a folder is full; undefined while there is room, or where nobody can tell. */
export function fullDisk(folder: string): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    if (free >= fullBelowBytes) return undefined;
    return `the disk that holds ${folder} is full (${Math.floor(free / 2 ** 20)} MB free)`;
  } catch {
    return undefined;
  }
}
