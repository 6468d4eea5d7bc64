import { resolve } from "node:path";
import { signPayload } from "../../attestation/dsse";
import type { Signer } from "../../attestation/keys";
import { statementPayloadType } from "../../attestation/statement";
import { evidenceFileName, evidenceStatement } from "../../policies/evidence/statement";
import { evidenceLocation } from "../../policies/evidence/store";
import type { Backup, BackupProof } from "../../release/data/data-adapter";
import { type ReleaseState, stateOf } from "../../release/engine/state";
import type { JournalRecord } from "../../release/journal/entry";
import { jsonDigest } from "../../runbooks/digest";
import type { PredicateName } from "../../runbooks/vocabulary";
import { localEvidenceFolder } from "../attest/own-trust";
import { evidenceContainerOf } from "../evidence/evidence-of-stack";
import { RecordFolder, type RecordPlace } from "../records/record-place";
import { isLocalStack } from "../stack-files";
import { readStackConfig } from "../stack-settings";
import type { Workspace } from "../workspace";

/** Something that a finished release shows, for a release on another stack. */
export interface Shown {
  readonly predicate: PredicateName;
  /** What it is about, and its SHA-256. */
  readonly what: string;
  readonly digest: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * What a release has shown by its end: that it finished, backups that were restored, and migrations that were made. Of one
 * that was rolled back after that: that it did not stay.
 */
export function shownBy(state: ReleaseState): readonly Shown[] {
  const { plan, done, reopened } = state;
  const { environment, manifest, manifestDigest, system } = plan;
  const finished = (isSo: boolean): Shown => ({
    predicate: "staging-release",
    what: "manifest",
    digest: manifestDigest,
    fields: { manifest: manifestDigest, finished: isSo, environment },
  });
  if (reopened !== undefined) return [finished(false)];
  const seen = [...done.values()].map((each) => each.seen as Seen);
  const drills = seen.flatMap((each) =>
    each?.backup !== undefined && each.proof?.by === "restoreToScratch"
      ? [{ store: each.backup.store, rows: rowsOf(each.proof), seconds: each.proof.seconds }]
      : [],
  );
  const bytes = seen.flatMap((each) => (each?.backup?.bytes === undefined ? [] : [each.backup.bytes]));
  const { migration } = manifest;
  const made = migratedBy(state, "up");
  return [
    finished(true),
    ...drills.map((fields) => ({
      predicate: "restore-drill" as const,
      what: "system",
      digest: jsonDigest(system),
      fields,
    })),
    ...(migration !== undefined && made !== undefined
      ? [
          {
            predicate: "migration-rehearsal" as const,
            what: "migration",
            digest: jsonDigest(migration),
            fields: {
              environment,
              additive: migration.kind === "additive",
              rolledBack: migratedBy(state, "down") !== undefined,
              seconds: made,
              // Of how much data: rows where a backup was restored, bytes where one was weighed.
              ...(drills.length > 0 && { rows: sumOf(drills.map(({ rows }) => rows)) }),
              ...(bytes.length > 0 && { bytes: sumOf(bytes) }),
            },
          },
        ]
      : []),
  ];
}

type Seen = { readonly backup?: Backup; readonly proof?: BackupProof } | null;

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

function rowsOf({ counts = {} }: BackupProof): number {
  return sumOf(Object.values(counts).map(({ restored }) => restored));
}

/** Seconds that migrations in this direction took; undefined when none was made. */
function migratedBy({ plan, done }: ReleaseState, direction: "up" | "down"): number | undefined {
  const seconds = [...plan.steps, ...plan.rollback].flatMap(({ id, entry: name }) => {
    const entry = plan.entries[name];
    const finished = done.get(id);
    const migrates =
      entry?.word === "step" && entry.does.action === "migrate" && entry.does.direction === direction;
    return migrates && finished !== undefined ? [finished.milliseconds / 1000] : [];
  });
  return seconds.length === 0 ? undefined : sumOf(seconds);
}

export interface FinishedArgs {
  readonly workspace: Workspace;
  readonly stack: string;
  readonly user: NodeJS.ProcessEnv;
  records(): Promise<readonly JournalRecord[]>;
  signer(): Promise<Signer>;
  now(): Date;
}

/**
 * Signs what a release has shown and adds it to the stack's evidence, once in a process and not before all but its
 * records and messages is done.
 *
 * @returns what the release's record says of it: the names, or why there is none; it never throws for a place or a key
 *   that cannot be used
 */
export function evidenceOfFinished(args: FinishedArgs): () => Promise<Readonly<Record<string, string>>> {
  let said: Promise<Readonly<Record<string, string>>> | undefined;
  return () => {
    said ??= addEvidence(args).then((found) => {
      if (found.evidence.startsWith("no:")) said = undefined;
      return found;
    });
    return said;
  };
}

async function addEvidence({ workspace, stack, user, records, signer, now }: FinishedArgs) {
  try {
    const place = placeOf(workspace, stack, user);
    if (place === undefined) return { evidence: `no: ${stack} has no switchyard:evidence` };
    const state = stateOf(await records());
    const left = stepsLeft(state);
    if (left.length > 0) return { evidence: `no: not all is done yet (${left.join(", ")})` };
    await place.require();
    const key = await signer();
    const names: string[] = [];
    for (const { predicate, what, digest, fields } of shownBy(state)) {
      const subject = { system: state.plan.system, what, digest: digest.replace("sha256:", "") };
      const payload = Buffer.from(JSON.stringify(evidenceStatement(predicate, subject, fields, now())));
      const text = `${JSON.stringify(await signPayload(statementPayloadType, payload, [key]))}\n`;
      await place.add(evidenceFileName(text), text);
      names.push(`${predicate} ${evidenceFileName(text).slice(0, 12)}…`);
    }
    return { evidence: names.join(", ") };
  } catch (error) {
    if (!(error instanceof Error && error.name === "UserError")) throw error;
    return { evidence: `no: ${error.message}` };
  }
}

/** What could still make the release go back: a record or a message no longer does. */
export function stepsLeft({ plan, done }: ReleaseState): readonly string[] {
  return plan.steps
    .filter(({ id, does }) => !done.has(id) && does.as !== "record" && does.as !== "message")
    .map(({ id }) => id);
}

function placeOf(
  workspace: Workspace,
  stack: string,
  user: NodeJS.ProcessEnv,
): Pick<RecordPlace, "add" | "require"> | undefined {
  const container = evidenceContainerOf({ workspace, stack, user });
  if (container) return container;
  const folder = evidenceLocation(readStackConfig(workspace, stack)["switchyard:evidence"]);
  if (folder === undefined)
    return isLocalStack(stack) ? new RecordFolder(localEvidenceFolder(workspace)) : undefined;
  return new RecordFolder(resolve(workspace.root, folder));
}
