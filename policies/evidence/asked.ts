import type { Contract } from "../../runbooks/vocabulary";
import type { Evidence, PredicateName } from "../../runbooks/vocabulary/people";
import { concerns, type EvidenceQuestion, holds, signatureFault, tellingText, tells } from "./judge";
import type { EvidenceItem } from "./statement";

/** What is about to be signed. */
export interface Draft {
  readonly predicate: PredicateName;
  /** A component, or `manifest`, `commit`, `migration`, `contract`, `system`. */
  readonly what: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The entries of a runbook that ask for a statement of this kind about this. */
export function entriesAsking(
  { entries }: Contract,
  { predicate, what }: Pick<Draft, "predicate" | "what">,
): readonly Evidence[] {
  return entries.filter(
    (entry): entry is Evidence =>
      entry.word === "evidence" && entry.predicate === predicate && concerns(what, entry),
  );
}

/**
 * What a statement lacks to be one that any of these entries asks for. A value that misses what is asked is no fault:
 * that tests failed is signed as well.
 *
 * @returns undefined when it lacks nothing for one of them, or nobody asks
 */
export function lackOf({ predicate, what, fields }: Draft, asking: readonly Evidence[]): string | undefined {
  const meant = asking.filter((entry) => entry.requires.filter(tells).every((each) => holds(each, fields)));
  if (asking.length > 0 && meant.length === 0)
    return `no ${predicate} of ${what} with these fields is asked for; asked for: ${asking.map((entry) => `${entry.name}${tellingText(entry)}`).join(", ")}`;
  const [least] = meant
    .map(({ name, requires }) => ({
      name,
      lacking: requires.map(({ field }) => field).filter((field) => fields[field] === undefined),
    }))
    .sort((one, other) => one.lacking.length - other.lacking.length);
  if (least === undefined || least.lacking.length === 0) return undefined;
  return `it does not state ${least.lacking.join(", ")}, which ${least.name} asks for`;
}

/**
 * Why the signatures of a statement count for none of the entries that ask for it; undefined when they do for one. Where
 * nobody asks, any key counts of a kind that could sign something there.
 *
 * @param contracts those of the systems that it is about
 */
export function signaturesLack(
  item: EvidenceItem,
  contracts: readonly Contract[],
  question: Pick<EvidenceQuestion, "root" | "environment">,
): string | undefined {
  const asking = item.subjects.flatMap(({ system, what }) =>
    contracts
      .filter((contract) => contract.system === system)
      .flatMap((contract) => entriesAsking(contract, { predicate: item.predicate, what })),
  );
  const meant = asking.filter((entry) =>
    entry.requires.filter(tells).every((each) => holds(each, item.fields)),
  );
  const [first = unasked, ...others] = meant.length > 0 ? meant : asking;
  const faults = [first, ...others].map((entry) => signatureFault(item, entry, question));
  return faults.every((fault) => fault !== undefined) ? [...new Set(faults)].join("; ") : undefined;
}

const unasked = { producer: "release" } as const;
