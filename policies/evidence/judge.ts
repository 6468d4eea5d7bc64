import { statementPayloadType } from "../../attestation/statement";
import { type KeyKind, peopleWhoSigned, type TrustRoot } from "../../attestation/trust-root";
import type { Environment } from "../../runbooks/model";
import type { Evidence } from "../../runbooks/vocabulary/people";
import type { EvidenceItem } from "./statement";

/** What evidence is held against. */
export interface EvidenceQuestion {
  readonly system: string;
  readonly environment: Environment;
  readonly now: Date;
  readonly root: TrustRoot;
  /** Digest of each thing that is about to go live, by component or kind; absent: any subject of the system counts. */
  readonly candidate?: Readonly<Record<string, string>>;
  /** Whether a release on the normal path begins now, before which some of it must have been there for hours. @default false */
  readonly begins?: boolean;
}

type Requirement = Evidence["requires"][number];

/** Fields that say which of several statements of a kind is meant, such as which test suite ran. */
const telling = ["suite", "tool", "statement", "section", "path", "role", "measure", "environment"];
const hourMilliseconds = 3_600_000;
/** Clocks of two machines differ. */
export const clockSkewMilliseconds = 300_000;

/**
 * @param items All evidence there is.
 * @returns Why the entry is not met, by the statement that comes closest; undefined when one meets it.
 */
export function missingEvidence(
  entry: Evidence,
  items: readonly EvidenceItem[],
  question: EvidenceQuestion,
): string | undefined {
  const meant = items.filter((item) => isMeant(item, entry, question.system));
  if (meant.length === 0) {
    return `missing: no signed ${entry.predicate} of ${question.system}/${whatOf(entry)}${tellingText(entry)}`;
  }
  let nearest: { readonly stage: number; readonly message: string } | undefined;
  for (const item of meant) {
    const checks = [foreignFault, signatureFault, timeFault, contentFault];
    const stage = checks.findIndex((check) => check(item, entry, question) !== undefined);
    if (stage === -1) {
      const later = meant.find((other) => takesBack(other, item) && !signatureFault(other, entry, question));
      if (later === undefined) return undefined;
      const message = `taken back: what finished was rolled back at ${later.time.toISOString()} (${later.file.slice(0, 12)}…)`;
      nearest = { stage: checks.length, message };
      continue;
    }
    if (!nearest || stage > nearest.stage) {
      nearest = { stage, message: `${checks[stage]?.(item, entry, question)} (${item.file.slice(0, 12)}…)` };
    }
  }
  return nearest?.message;
}

/** A release that had finished and was rolled back later: what its end stated is no longer so. */
function takesBack(other: EvidenceItem, { subjects, time }: EvidenceItem): boolean {
  if (other.fields.finished !== false || other.time <= time) return false;
  return other.subjects.some((one) =>
    subjects.some(
      ({ system, what, digest }) => one.system === system && one.what === what && one.digest === digest,
    ),
  );
}

function isMeant(item: EvidenceItem, entry: Evidence, system: string): boolean {
  if (item.predicate !== entry.predicate) return false;
  const about = item.subjects.some((subject) => subject.system === system && concerns(subject.what, entry));
  return about && entry.requires.filter(tells).every((requirement) => holds(requirement, item.fields));
}

/** Whether an entry asks of a component, or of `manifest`, `commit` and the like. */
export function concerns(what: string, entry: Evidence): boolean {
  if (entry.subject !== "component") return what === entry.subject;
  return entry.component === undefined || what === entry.component;
}

/** Signed for another candidate: it says nothing of this one. */
function foreignFault(item: EvidenceItem, entry: Evidence, question: EvidenceQuestion): string | undefined {
  const { candidate, system } = question;
  if (!candidate) return undefined;
  const own = item.subjects.filter((subject) => subject.system === system && concerns(subject.what, entry));
  const fits = own.some(({ what, digest }) => {
    const wanted = candidate[what];
    return wanted === undefined || hex(wanted) === digest;
  });
  return fits
    ? undefined
    : `foreign: it is about ${own[0]?.digest.slice(0, 12)}…, not about the candidate's ${own[0]?.what}`;
}

/** Why no signature counts, by the key's kind and the signer's role; undefined when one does. */
export function signatureFault(
  { envelope }: Pick<EvidenceItem, "envelope">,
  { producer, signedBy }: Pick<Evidence, "producer" | "signedBy">,
  { root, environment }: Pick<EvidenceQuestion, "root" | "environment">,
): string | undefined {
  const kinds = countingKinds(producer, environment);
  const signers = peopleWhoSigned(envelope, statementPayloadType, root, kinds);
  if (signers.some(({ roles }) => !signedBy || roles.some((role) => signedBy.includes(role)))) {
    return undefined;
  }
  if (signers.length > 0) {
    return `signed by ${signers.map(({ id }) => id).join(", ")}, who has none of the roles ${signedBy?.join(", ")}`;
  }
  return peopleWhoSigned(envelope, statementPayloadType, root, ["keyVault", "file", "ci"]).length > 0
    ? `signed with a key of a kind that does not count here; allowed: ${kinds.join(", ")}`
    : "unsigned: no signature of it is by a key of the trust root";
}

/** Production takes no key that lies in a file. */
export function countingKinds(producer: Evidence["producer"], environment: Environment): readonly KeyKind[] {
  const kinds: readonly KeyKind[] =
    producer === "person" ? ["keyVault"] : producer === "ci" ? ["ci"] : ["ci", "keyVault"];
  return environment === "production" ? kinds : [...kinds, "file"];
}

function timeFault(
  { time }: EvidenceItem,
  { maximumAgeHours, minimumAgeHours = 0, dueHoursBefore = 0 }: Evidence,
  { now, begins = false }: EvidenceQuestion,
): string | undefined {
  const age = now.getTime() - time.getTime();
  const hours = Math.floor(age / hourMilliseconds);
  if (age < -clockSkewMilliseconds) return `dated ${time.toISOString()}, which is yet to come`;
  if (age > maximumAgeHours * hourMilliseconds) {
    return `expired: it is ${hours} hours old, ${maximumAgeHours} are allowed`;
  }
  if (minimumAgeHours > 0 && age < minimumAgeHours * hourMilliseconds) {
    return `too fresh: it is ${Math.max(0, hours)} hours old and must have stood for ${minimumAgeHours}`;
  }
  if (begins && age < dueHoursBefore * hourMilliseconds) {
    return `late: it is ${Math.max(0, hours)} hours old and was due ${dueHoursBefore} hours before the release`;
  }
  return undefined;
}

function contentFault({ fields }: EvidenceItem, entry: Evidence): string | undefined {
  const broken = entry.requires.filter((requirement) => !holds(requirement, fields));
  if (broken.length === 0) return undefined;
  return `not met: ${broken.map((requirement) => brokenText(requirement, fields)).join("; ")}`;
}

function brokenText({ field, operator, value }: Requirement, fields: EvidenceItem["fields"]): string {
  const stated = fields[field];
  const found =
    stated === undefined
      ? "not stated"
      : typeof stated === "number" || typeof stated === "boolean"
        ? String(stated)
        : "something else";
  return operator === "exists"
    ? `${field} is not stated`
    : `${field} ${operator} ${String(value)}, found ${found}`;
}

/** Whether a field meets a requirement; an absent one, or one of another type, never does. */
export function holds({ field, operator, value }: Requirement, fields: EvidenceItem["fields"]): boolean {
  const stated = fields[field];
  if (stated === undefined || stated === null) return false;
  switch (operator) {
    case "exists":
      return stated !== "";
    case "equals":
      return stated === value;
    case "notEquals":
      return typeof stated === typeof value && stated !== value;
    case "contains":
      return (typeof stated === "string" || Array.isArray(stated)) && stated.includes(value as string);
    default:
      return typeof stated === "number" && typeof value === "number" && compares(stated, operator, value);
  }
}

function compares(
  stated: number,
  operator: "atLeast" | "atMost" | "lessThan" | "greaterThan",
  value: number,
): boolean {
  switch (operator) {
    case "atLeast":
      return stated >= value;
    case "atMost":
      return stated <= value;
    case "lessThan":
      return stated < value;
    case "greaterThan":
      return stated > value;
  }
}

/** Whether a requirement says which of several statements is meant. */
export function tells({ field, operator, value }: Requirement): boolean {
  return telling.includes(field) && typeof value === "string" && ["equals", "contains"].includes(operator);
}

/** ` (suite backend)`: which of several statements an entry means; empty where there is one of its kind. */
export function tellingText(entry: Evidence): string {
  const told = entry.requires.filter(tells).map(({ field, value }) => `${field} ${String(value)}`);
  return told.length === 0 ? "" : ` (${told.join(", ")})`;
}

function whatOf({ subject, component }: Evidence): string {
  return subject === "component" ? (component ?? "*") : subject;
}

function hex(digest: string): string {
  return digest.replace(/^sha256:/, "");
}
