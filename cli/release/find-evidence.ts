import { createHash } from "node:crypto";
import type { TrustRoot } from "../../attestation/trust-root";
import { missingEvidence } from "../../policies/evidence/judge";
import type { EvidenceStore } from "../../policies/evidence/store";
import type { EngineParts, EntryOfWord, Finding } from "../../release/engine/parts";
import { componentDigest } from "../../release/plan/manifest";
import type { Plan } from "../../release/plan/plan";
import { jsonDigest } from "../../runbooks/digest";

type Evidence = EntryOfWord<"evidence">;

/** What signed statements there are, and who may have signed them. */
export interface EvidenceAtHand {
  readonly store: Pick<EvidenceStore, "items" | "unreadable" | "faults">;
  readonly root: TrustRoot | undefined;
}

/**
 * Holds a demand for evidence against what was signed, by the rules of the policy pack. What is there is read anew each
 * time: a missing statement may be signed while the release waits.
 *
 * @param signing the last options of the command that signs: by which key, for which stack
 */
export function evidenceFinder(
  atHand: () => Promise<EvidenceAtHand>,
  now: () => Date,
  signing: string,
): EngineParts["evidence"] {
  return async (entry, plan) => {
    const candidate = candidateOf(plan);
    const unbound = unboundFault(entry, candidate);
    if (unbound !== undefined) return { holds: false, why: unbound };
    const { store, root } = await atHand();
    if (root === undefined) return missing(store.faults.join("; "), entry, plan, candidate, signing);
    const { system, environment } = plan;
    // The emergency path is for what was not known two days ago.
    const begins = plan.reason === undefined;
    const question = { system, environment, now: now(), root, candidate, begins };
    const why = missingEvidence(entry, store.items, question);
    if (why === undefined)
      return { holds: true, why: `a signed ${entry.predicate} meets it (${root.digest})` };
    const unread = store.unreadable.length === 0 ? "" : `; ${store.unreadable.length} files hold no evidence`;
    const faults = store.faults.length === 0 ? "" : `; ${store.faults.join("; ")}`;
    return missing(`${why}${unread}${faults}`, entry, plan, candidate, signing);
  };
}

/** Digests of what goes live, by what evidence calls it. A system has none: any statement about it counts. */
export function candidateOf({ manifest, manifestDigest, contractDigest }: Plan): Record<string, string> {
  const components = Object.entries(manifest.components).map(
    ([name, component]) => [name, componentDigest(component)] as const,
  );
  return {
    ...Object.fromEntries(components),
    manifest: manifestDigest,
    contract: contractDigest,
    ...(manifest.commit !== undefined && { commit: textDigest(manifest.commit) }),
    ...(manifest.migration !== undefined && { migration: jsonDigest(manifest.migration) }),
  };
}

/** Evidence is signed for a SHA-256; a commit of git is named by a SHA-1, of whose text that is taken. */
function textDigest(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** Without its digest a statement about anything would count. */
function unboundFault(
  { subject, component }: Evidence,
  candidate: Readonly<Record<string, string>>,
): string | undefined {
  if (subject === "system") return undefined;
  if (subject !== "component")
    return candidate[subject] === undefined ? `the manifest names no ${subject}` : undefined;
  return component !== undefined && candidate[component] === undefined
    ? `the manifest has no component ${component}`
    : undefined;
}

function missing(
  why: string,
  entry: Evidence,
  plan: Plan,
  candidate: Readonly<Record<string, string>>,
  signing: string,
): Finding {
  const what =
    entry.subject === "component" ? (entry.component ?? Object.keys(candidate)[0]!) : entry.subject;
  const digest = candidate[what] ?? jsonDigest(plan.system);
  const fields = entry.requires.map(({ field, operator, value }) => {
    const text = operator === "exists" || value === undefined ? "…" : String(value);
    return `--field '${field}=${text.replaceAll("'", "’")}'`;
  });
  const command = `npx switchyard evidence sign --predicate ${entry.predicate} --system ${plan.system} --of ${what} --digest ${digest} ${fields.join(" ")}${signing}`;
  return { holds: false, why: `${why}; once it is so: ${command}` };
}
