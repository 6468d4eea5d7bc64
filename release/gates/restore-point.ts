import type { StoreFacts } from "../../runbooks/release-facts";
import { type ArmWork, armWork } from "../data/arm-work";
import { type ListedBlob, listBlobs } from "../data/blobs";
import { storeFacts } from "../data/world";
import { type Asking, answer, looking, nothing } from "./asking";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import type { CheckGateOf } from "./provider-gate";
import { latestCosmosPoint } from "./restore-points/cosmos";
import { mongoCluster } from "./restore-points/mongo";
import { latestPostgresPoint } from "./restore-points/postgres";
import type { RestorePoint } from "./restore-points/restore-point";
import { latestSqlPoint } from "./restore-points/sql";

type RestorePointGate = CheckGateOf<"restorePoint">;

const millisecondsPerMinute = 60_000;

/** What services of Azure and files of backups are asked with. */
export interface BackupSources {
  arm(context: GateContext, signal: AbortSignal): ArmWork;
  blobs(
    place: { accountName: string; container: string; prefix: string },
    signal: AbortSignal,
  ): Promise<readonly ListedBlob[]>;
}

/**
 * The newest moment to which a store can be restored, read live: from the service that backs it up by itself, from the
 * files of its backups, or of the backup that this release made. Where a restore must have succeeded, only a backup of
 * this release counts, with the proof that the release made of it.
 */
export function restorePointProvider(
  asking: Asking,
  sources: BackupSources = sourcesOf(asking),
): GateProvider<RestorePointGate> {
  return {
    look(gate, context) {
      const { store, restored } = gate.check;
      const question = `the newest restore point of ${store}`;
      return looking(question, gate, context, async ({ signal }): Promise<Sample> => {
        if (restored) return provenByRelease(gate, question, asking, context);
        const found = await latestOf(gate, sources, context, signal);
        if ("why" in found) return nothing(question, found.why);
        if (found.at === undefined) return answer(question, false, found.seen);
        return judged(gate, question, { ...found, at: found.at }, context);
      });
    },
  };
}

function sourcesOf({ surroundings }: Asking): BackupSources {
  return {
    arm: ({ clock }, signal) => {
      const { login, stateDir } = surroundings.outside;
      return armWork({ login, stateDir, clock, signal });
    },
    blobs: (place, signal) => listBlobs(surroundings, place, signal),
  };
}

async function latestOf(
  { check: { store } }: RestorePointGate,
  sources: BackupSources,
  context: GateContext,
  signal: AbortSignal,
): Promise<RestorePoint> {
  const facts = storeFacts(context.facts, store);
  const arm = sources.arm(context, signal);
  switch (store) {
    case "cosmos":
      return latestCosmosPoint(arm, facts);
    case "sql":
      return latestSqlPoint(arm, facts, context.clock.now());
    case "postgres":
      return latestPostgresPoint(arm, facts, context.clock.now());
    case "mongo":
      return withService(await latestFile(facts, sources, signal), await mongoCluster(arm, facts));
    case "blob":
      return latestFile(facts, sources, signal);
    case "redis":
    case "elasticsearch":
      return { why: `nothing tells how old the backups of ${store} are` };
  }
}

/** The service tells since when it can restore and not until when, so that the age is that of the newest file. */
function withService(file: RestorePoint, service: string): RestorePoint {
  return "why" in file ? { why: `${file.why}; ${service}` } : { ...file, seen: `${file.seen}; ${service}` };
}

async function latestFile(
  { backups }: StoreFacts,
  sources: BackupSources,
  signal: AbortSignal,
): Promise<RestorePoint> {
  if (backups === undefined)
    return {
      why: "the stack's output release does not say where its backups are written; npx switchyard up",
    };
  const { accountName, container } = backups;
  const files = await sources.blobs({ accountName, container, prefix: "" }, signal);
  const place = `${accountName}/${container}`;
  if (files.length === 0) return { at: undefined, seen: `there is no backup in ${place}` };
  const whole = files.filter(({ bytes }) => bytes > 0);
  if (whole.length === 0) return { at: undefined, seen: `every backup in ${place} is empty` };
  const dated = whole.flatMap(({ name, lastModified }) =>
    lastModified === undefined ? [] : [{ name, lastModified }],
  );
  const newest = dated.sort((a, b) => b.lastModified.getTime() - a.lastModified.getTime())[0];
  if (newest === undefined) return { why: `the storage does not say how old the backups in ${place} are` };
  return { at: newest.lastModified, seen: newest.name };
}

function provenByRelease(
  gate: RestorePointGate,
  question: string,
  { view }: Asking,
  context: GateContext,
): Sample {
  const { store } = gate.check;
  const made = view.backups().made.filter(({ backup }) => backup.store === store);
  const last = made.at(-1);
  if (last === undefined) return answer(question, false, `this release has made no backup of ${store}`);
  const { backup, proof } = last;
  if (proof === undefined || proof.by !== "restoreToScratch")
    return answer(question, false, `${backup.recordedAs} was made, and no restore of it has succeeded`);
  return judged(
    gate,
    question,
    { at: new Date(backup.at), seen: `${backup.recordedAs}, restored to a scratch target` },
    context,
  );
}

function judged(
  { check: { atMostAgeMinutes } }: RestorePointGate,
  question: string,
  { at, seen }: { readonly at: Date; readonly seen: string },
  { clock }: GateContext,
): Sample {
  if (Number.isNaN(at.getTime())) return nothing(question, "the time of the restore point cannot be read");
  const minutes = Math.floor((clock.now().getTime() - at.getTime()) / millisecondsPerMinute);
  const told = `${at.toISOString()}, ${Math.max(0, minutes)} min old (${seen})`;
  return minutes <= atMostAgeMinutes
    ? answer(question, true, told)
    : answer(question, false, `${told}, and at most ${atMostAgeMinutes} min are allowed`);
}
