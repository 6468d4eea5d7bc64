import { UserError } from "../user-error";
import { isJson } from "./json";

/** Who is releasing a system. One release at a time holds it, from its first write until it is finished. */
export interface Lease {
  /** Id of the release. */
  readonly release: string;
  /** Person or runner. */
  readonly holder: string;
  /** ISO 8601. An expired lease still counts: the release is unfinished, and `release resume` takes it over. */
  readonly expiresAt: string;
}

/**
 * @param where the text was read, for the message
 * @throws UserError for anything else than a lease: an unreadable one must not pass for none
 */
export function parseLease(text: string, where: string): Lease {
  const value = parsed(text);
  const whole =
    isJson(value) &&
    [value.release, value.holder, value.expiresAt].every((part) => typeof part === "string" && part !== "");
  if (whole) return value as unknown as Lease;
  throw new UserError(
    `${where} holds no lease: { release, holder, expiresAt } with texts is what it must be`,
    {
      mend: `whether a release is running cannot be told: restore it as it was (of a container the blob's versions have it); how it is freed when surely no process runs the release says docs/release.md, "A damaged journal or lease"`,
    },
  );
}

export function describeLease({ release, holder, expiresAt }: Lease, now: Date): string {
  const expiry = new Date(expiresAt) < now ? `its lease expired at ${expiresAt}` : `lease until ${expiresAt}`;
  return `release ${release}, held by ${holder}, ${expiry}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
