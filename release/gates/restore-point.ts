import type { StoreFacts } from "../../runbooks/release-facts";
import { countsEnd } from "../../runbooks/task-purpose";
import { type ArmWork, armWork } from "../data/arm-work";
import { type ListedBlob, listBlobs } from "../data/blobs";
import { storeFacts } from "../data/world";
import { type Asking, answer, looking, nothing } from "./asking";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import type { CheckGateOf } from "./provider-gate";
import { latestCosmosPoint } from "./restore-points/cosmos";
import { mongoServicePoint } from "./restore-points/mongo";
import { latestPostgresPoint } from "./restore-points/postgres";
import type { RestorePoint } from "./restore-points/restore-point";
import { latestSqlPoint } from "./restore-points/sql";

type RestorePointGate = CheckGateOf<"restorePoint">;

const millisecondsPerMinute = 60_000;
/** As far may this machine's clock and the service's be apart. */
const clocksApartMinutes = 5;

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
 * this release counts, with the proof that the release made of it; where its moment must be enclosed, that moment is held
 * against the oldest and the newest that can be restored.
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
        const point = { ...found, at: found.at };
        const outside = gate.check.enclosesBackup ? outsideOf(point, store, asking) : undefined;
        if (outside !== undefined) return answer(question, false, outside);
        return judged(gate, question, point, context);
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
      return withService(
        await latestFile(facts, sources, signal),
        await mongoServicePoint(arm, facts, context.clock.now()),
      );
    case "blob":
      return latestFile(facts, sources, signal);
    case "redis":
    case "elasticsearch":
      return { why: `nothing tells how old the backups of ${store} are` };
  }
}

/**
 * Both backups must be there. The service tells since when it can restore and not until when, so that the age is that of
 * the newest file.
 */
function withService(file: RestorePoint, service: RestorePoint): RestorePoint {
  const of = (point: RestorePoint) => ("why" in point ? point.why : point.seen);
  const both = `${of(file)}; ${of(service)}`;
  const missing = [file, service].some((point) => "at" in point && point.at === undefined);
  if (missing) return { at: undefined, seen: both };
  if ("why" in file || "why" in service) return { why: both };
  return { at: file.at, seen: both };
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
  const listed = await sources.blobs({ accountName, container, prefix: "" }, signal);
  // What was counted for a backup is written first, and is there also where the backup failed.
  const files = listed.filter(({ name }) => !name.endsWith(countsEnd));
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

/** @returns why the moment that the release recorded cannot be restored, in words; undefined when it can, or is none */
function outsideOf(
  { at, since, seen }: { readonly at: Date; readonly since?: Date; readonly seen: string },
  store: string,
  { view }: Asking,
): string | undefined {
  const { required, made } = view.backups();
  const recorded = made.findLast(({ backup }) => backup.store === store)?.backup.at;
  if (recorded === undefined)
    return required.includes(store) ? `this release has recorded no moment of ${store}` : undefined;
  const moment = new Date(recorded);
  if (Number.isNaN(moment.getTime())) return `the moment that was recorded cannot be read: ${recorded}`;
  const told = `the moment that was recorded, ${moment.toISOString()}`;
  if (at < moment)
    return `${told}, is later than the newest that can be restored, ${at.toISOString()} (${seen})`;
  if (since === undefined) return `${told}: nothing tells since when ${store} can be restored`;
  return since > moment ? `${told}, is before the oldest that can be restored (${seen})` : undefined;
}

function judged(
  { check: { atMostAgeMinutes } }: RestorePointGate,
  question: string,
  { at, seen }: { readonly at: Date; readonly seen: string },
  { clock }: GateContext,
): Sample {
  if (Number.isNaN(at.getTime())) return nothing(question, "the time of the restore point cannot be read");
  const minutes = Math.floor((clock.now().getTime() - at.getTime()) / millisecondsPerMinute);
  if (minutes < -clocksApartMinutes)
    return nothing(question, `the restore point lies in the future, ${at.toISOString()} (${seen})`);
  const told = `${at.toISOString()}, ${Math.max(0, minutes)} min old (${seen})`;
  return minutes <= atMostAgeMinutes
    ? answer(question, true, told)
    : answer(question, false, `${told}, and at most ${atMostAgeMinutes} min are allowed`);
}
