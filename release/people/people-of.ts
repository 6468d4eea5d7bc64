import type { TrustedPerson } from "../../attestation/trust-root";
import type { Finding, People } from "../engine/parts";

/** Who is known, and how somebody who is not becomes so. */
export interface KnownPeople {
  /** In words, for messages: `the trust root of production`. */
  readonly where: string;
  readonly people: readonly TrustedPerson[];
  /** What to do when somebody is missing among them. */
  readonly mend: string;
}

/** Nobody can be known: the trust root is missing, expired or cannot be read. */
export class NobodyKnown extends Error {
  override readonly name = "NobodyKnown";
}

/**
 * Who may act in which role. People are read anew for each question: a trust root may be renewed, or run out, while a
 * release waits for its approvals.
 *
 * @param known rejects with NobodyKnown, which then refuses everybody
 */
export function peopleOf(known: () => Promise<KnownPeople>): People {
  return {
    async mayAct(person, role) {
      try {
        return standingOf(person, role, await known());
      } catch (error) {
        if (error instanceof NobodyKnown)
          return { holds: false, why: `${person} as ${role}: ${error.message}` };
        throw error;
      }
    },
  };
}

function standingOf(person: string, role: string, { where, people, mend }: KnownPeople): Finding {
  // One person may stand there once for each key.
  const roles = people.filter(({ id }) => id === person).flatMap((each) => each.roles);
  if (roles.includes(role)) return { holds: true, why: `${person} is ${role} by ${where}` };
  const known = people.some(({ id }) => id === person);
  const others = [...new Set(people.filter((each) => each.roles.includes(role)).map(({ id }) => id))];
  const who = others.length === 0 ? `nobody is ${role} there` : `${role} there: ${others.join(", ")}`;
  return {
    holds: false,
    why: known
      ? `${person} is not ${role} by ${where}, but ${[...new Set(roles)].join(", ") || "has no role"}; ${who}; ${mend}`
      : `${person} is unknown to ${where}; ${who}; ${mend}`,
  };
}

/**
 * A stack of one person's own, whose state only that person reads and writes: dev without a trust root.
 *
 * @param caller who runs the release
 */
export function callerAlone(caller: string, mend: string): People {
  return {
    async mayAct(person, role) {
      return person === caller
        ? { holds: true, why: `dev has no trust root, so ${caller}, whose state it is, acts as ${role}` }
        : {
            holds: false,
            why: `${person} is unknown: dev has no trust root and its state is ${caller}'s; ${mend}`,
          };
    },
  };
}
