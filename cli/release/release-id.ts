import { randomBytes } from "node:crypto";
import type { Manifest } from "../../release/plan/manifest";

/** `20261121-160512-1.4.2-3f9c`: sorts by time, and two that start in one second differ. */
export function releaseId({ version }: Pick<Manifest, "version">, now: Date): string {
  const readable = version.toLowerCase().replace(/[^a-z0-9.]+/g, "-");
  return `${stampOf(now)}-${readable.slice(0, 20)}-${suffix()}`;
}

/** The same without a version: of what holds several. */
export function stampedId(now: Date): string {
  return `${stampOf(now)}-${suffix()}`;
}

function stampOf(now: Date): string {
  return now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
}

function suffix(): string {
  return randomBytes(2).toString("hex");
}
