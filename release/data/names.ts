import { createHash } from "node:crypto";
import type { StoreFacts } from "../../runbooks/release-facts";
import { UserError } from "../user-error";

/** Longest name of a Job whose pods' names, with their ends, still fit a host name. */
const longest = 57;
const longestLabel = 63;
const hashDigits = 8;

const dnsLabel = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** A moment as recorded names have it: `YYYYMMDD-HHMMSS`, UTC. */
export function timestampOf(at: Date): string {
  const digits = at.toISOString().replace(/[-:]/g, "");
  return `${digits.slice(0, 8)}-${digits.slice(9, 15)}`;
}

/**
 * Name of a backup with its fields filled: `{timestamp}`, `{date}` (YYYYMMDD, UTC), `{storageAccount}`. Filled once and
 * written down: nothing computes a time twice.
 *
 * @param template `recordedAs` of a contract's step
 * @throws UserError for a field that nobody fills
 */
export function recordedName(template: string, at: Date, store: StoreFacts | undefined): string {
  const timestamp = timestampOf(at);
  const fields: Readonly<Record<string, string | undefined>> = {
    timestamp,
    date: timestamp.slice(0, 8),
    storageAccount: store?.backups?.accountName,
  };
  return template.replace(/\{(\w+)\}/g, (whole, field: string) => {
    const value = fields[field];
    if (value !== undefined) return value;
    throw new UserError(
      `the backup's name ${template} has the field ${whole}, which is unknown here; known are ${Object.keys(
        fields,
      )
        .filter((name) => fields[name] !== undefined)
        .map((name) => `{${name}}`)
        .join(", ")}`,
      { mend: "{storageAccount} comes from the output release of the stack: switchyard up" },
    );
  });
}

/** @throws UserError for a name that no Job can have */
export function requireJobName(name: string): string {
  if (name.length <= longest && dnsLabel.test(name)) return name;
  throw new UserError(
    `${name} cannot be a Job's name: at most ${longest} small letters, digits and hyphens, beginning and ending with a letter or digit`,
  );
}

/** A Job's name from parts of any kind; what does not fit is cut, and a hash keeps such names apart. */
export function jobName(...parts: readonly string[]): string {
  const whole = parts.join("-");
  const plain = whole
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  if (plain !== "" && plain === whole && plain.length <= longest) return plain;
  const start = plain.slice(0, longest - hashDigits - 1).replace(/-+$/, "");
  return `${start === "" ? "job" : start}-${shortHash(whole)}`;
}

/** A text as the value of a label; one that does not fit is cut, and a hash keeps such values apart. */
export function labelValueOf(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9._-]/g, "-").replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  if (plain === text && plain.length <= longestLabel) return plain;
  const start = plain.slice(0, longestLabel - hashDigits - 1);
  return start === "" ? shortHash(text) : `${start}-${shortHash(text)}`;
}

/** Eight hexadecimal digits that stand for a text. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, hashDigits);
}

/** Name of a database that a Job makes: its own name, as the Job's script computes it too. */
export function databaseOf(jobName: string): string {
  return jobName.replace(/-/g, "_");
}
