import type { Envelope } from "../../attestation/dsse";
import { type KeyKind, peopleWhoSigned, type TrustRoot } from "../../attestation/trust-root";
import { environmentOf } from "../environment";
import { rulesByName } from "../registry";
import type { Rule } from "../rule";
import type { PolicyRun } from "../run/policy-run";
import { NoTrustError } from "../run/trust";
import { approverRole, type Exemption, exemptionDays, exemptionPayloadType } from "./exemption";
import { type ExemptionEntry, parseExemptions } from "./file";
import { type ExemptionFault, ExemptionLedger } from "./ledger";
import { exemptionPayload } from "./payload";
import { matcherOf, patternFault, stackOfPattern } from "./urn-pattern";

const dayMilliseconds = 86_400_000;

/**
 * Reads and verifies exemptions. An entry with a fault exempts nothing. One whose pattern names another stack is held to
 * everything but its signature, because that is verified with the trust root of its own stack.
 *
 * @param run Whose trust root verifies them, and for whose stack.
 */
export async function openExemptions(
  text: string,
  run: Pick<PolicyRun, "settings" | "trustRoot">,
): Promise<ExemptionLedger> {
  const { stack, now } = run.settings;
  const { entries, faults: unreadable } = parseExemptions(text);
  const faults: ExemptionFault[] = [...unreadable];
  const exemptions: Exemption[] = [];
  const seen = new Set<string>();
  for (const { label, entry } of entries) {
    const key = `${entry.rule}\n${entry.resource}`;
    const found = seen.has(key)
      ? ["the same rule and resource stand in an earlier entry"]
      : contentFaults(entry, now);
    seen.add(key);
    const here = [undefined, stack].includes(stackOfPattern(entry.resource));
    if (found.length === 0 && here) found.push(...(await signatureFaults(entry, run)));
    faults.push(...found.map((message) => ({ entry: label, message })));
    if (found.length === 0 && here) exemptions.push(exemptionOf(entry, now));
  }
  return new ExemptionLedger(exemptions, faults);
}

/** What is wrong with an entry whoever signed it. */
export function contentFaults(entry: ExemptionEntry, now: Date): string[] {
  const rule = rulesByName.get(entry.rule);
  const pattern = patternFault(entry.resource);
  const lasts = daysBetween(entry.created, entry.expires);
  return [
    ...(rule ? [] : [`there is no rule ${entry.rule} that could be exempted`]),
    ...(rule && neverExempted(rule) ? ["rules on secrets of critical severity are never exempted"] : []),
    ...(pattern ? [`resource: ${pattern}`] : []),
    ...(Date.parse(entry.created) > now.getTime() ? [`created: ${entry.created} is yet to come`] : []),
    ...(lasts < 0 ? [`expires: ${entry.expires} is before it was created`] : []),
    ...(lasts > exemptionDays.cap
      ? [
          `expires: ${entry.expires} is ${lasts} days after ${entry.created}; ${exemptionDays.cap} are allowed`,
        ]
      : []),
    ...(daysLeft(entry, now) < 0
      ? [`expired on ${entry.expires}: mend what it exempts, or have a new one approved (${entry.ticket})`]
      : []),
    ...(same(entry.owner, entry.approver) ? [`approver: ${entry.approver} is its owner`] : []),
  ];
}

/** A secret in the wrong place is given away by whoever can read it, approved or not. */
export function neverExempted({ severity, topic, name }: Rule): boolean {
  return severity === "critical" && (topic === "vault" || name.includes("secret"));
}

/** Kinds of keys that approve on a stack. */
export function approvingKinds(stack: string): readonly KeyKind[] {
  return environmentOf(stack) === "production" ? ["keyVault"] : ["keyVault", "file"];
}

async function signatureFaults(
  entry: ExemptionEntry,
  run: Pick<PolicyRun, "settings" | "trustRoot">,
): Promise<string[]> {
  if (!entry.signatures || entry.signatures.length === 0) {
    return ["it is not signed: the approver runs npx switchyard exemption sign"];
  }
  try {
    return signerFaults(entry, await run.trustRoot(), approvingKinds(run.settings.stack));
  } catch (error) {
    if (error instanceof NoTrustError) return [error.message];
    throw error;
  }
}

/** Why its signatures do not count: by whom they have to be, and with which kinds of keys. */
export function signerFaults(entry: ExemptionEntry, root: TrustRoot, kinds: readonly KeyKind[]): string[] {
  const envelope = {
    payloadType: exemptionPayloadType,
    payload: exemptionPayload(entry).toString("base64"),
    signatures: entry.signatures ?? [],
  };
  const unknown = root.keys.some(
    ({ person: { id, name } }) => same(id, entry.owner) || same(name, entry.owner),
  )
    ? []
    : [
        `owner: ${entry.owner} is nobody of the trust root: whether the approver is the owner could not be told`,
      ];
  return [...unknown, ...approvalFaults(entry, envelope, root, kinds)];
}

function approvalFaults(
  entry: ExemptionEntry,
  envelope: Envelope,
  root: TrustRoot,
  kinds: readonly KeyKind[],
): string[] {
  const signers = peopleWhoSigned(envelope, exemptionPayloadType, root, kinds);
  const approver = signers.find(({ id }) => id === entry.approver);
  if (approver && (same(approver.id, entry.owner) || same(approver.name, entry.owner))) {
    return [`it is signed by its owner, ${entry.owner}`];
  }
  if (approver?.roles.includes(approverRole)) return [];
  if (approver) return [`it is signed by ${approver.id}, who does not have the role ${approverRole}`];
  if (signers.length > 0) {
    return [
      `it is signed by ${signers.map(({ id }) => id).join(", ")}, not by its approver ${entry.approver}`,
    ];
  }
  const others = peopleWhoSigned(envelope, exemptionPayloadType, root, ["keyVault", "file", "ci"]);
  if (others.length > 0) {
    return [`it is signed with a key of a kind that does not count here; allowed: ${kinds.join(", ")}`];
  }
  return ["no signature of it is by a key of the trust root, or a field was changed after it was signed"];
}

function exemptionOf({ signatures: _verified, ...fields }: ExemptionEntry, now: Date): Exemption {
  return { ...fields, daysLeft: daysLeft(fields, now), matches: matcherOf(fields.resource) };
}

function daysLeft({ expires }: Pick<ExemptionEntry, "expires">, now: Date): number {
  return daysBetween(now.toISOString().slice(0, 10), expires);
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMilliseconds);
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
