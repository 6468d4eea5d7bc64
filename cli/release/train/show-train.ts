import { type ReleaseState, stateOf } from "../../../release/engine/state";
import { trafficShare } from "../../../release/engine/traffic-share";
import { durationWords } from "../../../release/plan/words";
import { fails, isOff, type Standing, serves } from "../../../release/train/standing";
import { trainsName } from "../../../release/train/train";
import { trainStateOf } from "../../../release/train/train-state";
import type { CommandContext } from "../../context";
import { isLocalStack } from "../../stack-files";
import { show } from "../follow";
import { journalStoreOf } from "../journal-store";
import type { HistoryOptions } from "../show-history";
import { awaited, type StatusOptions } from "../show-status";
import { type OpenedTrain, openTrain } from "./train-journal";

const longestHistory = 20;

/** Where a train stands, and each of its releases; with `follow`, again whenever that is another place. */
export async function showTrainStatus(
  context: CommandContext,
  name: string,
  options: StatusOptions,
): Promise<void> {
  const { format, follow, stack } = options;
  await show(context, follow, async () => {
    const opened = await openTrain(context, name, options);
    const standings = await standingsOf(opened);
    const text =
      format === "json"
        ? `${JSON.stringify(documentOf(opened, standings), undefined, follow ? undefined : 2)}\n`
        : textOf(opened, standings, stack);
    return { text, ended: opened.state.ended !== undefined };
  });
}

/** Trains of a stack with what became of them. */
export async function showTrainHistory(
  context: CommandContext,
  { stack, format }: HistoryOptions,
): Promise<void> {
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const ids = (await store.releases(trainsName)).slice(-longestHistory).reverse();
  const rows = [];
  for (const id of ids) {
    const { train, startedAt, ended, over, speed } = trainStateOf(await store.open(trainsName, id).read());
    rows.push({
      train: id,
      startedAt,
      outcome: ended?.outcome ?? "unfinished",
      why: ended?.why ?? null,
      seconds: ended === undefined ? null : Math.round((Date.parse(ended.at) - Date.parse(startedAt)) / 1000),
      speed,
      releases: train.members.map(({ system, release, manifest }) => ({
        system,
        release,
        version: manifest.version,
        outcome: over.get(system)?.outcome ?? null,
      })),
    });
  }
  if (format === "json") return context.out(`${JSON.stringify({ stack, trains: rows }, undefined, 2)}\n`);
  if (rows.length === 0) return context.out(`There is no train on ${stack} yet.\n`);
  for (const { train, outcome, seconds, why, speed } of rows) {
    const lasted = seconds === null ? "" : durationWords(seconds);
    const rehearsal = speed === 1 ? "" : ` (rehearsal, ${speed} times as fast)`;
    context.out(`${`${train}  ${outcome}  ${lasted}${rehearsal}  ${why ?? ""}`.trimEnd()}\n`);
  }
}

async function standingsOf({ store, state }: OpenedTrain): Promise<readonly Standing[]> {
  const standings: Standing[] = [];
  for (const member of state.train.members) {
    const { system, release } = member;
    const begun = state.begun.has(system);
    const over = state.over.get(system);
    const known = begun && (await store.releases(system)).includes(release);
    const own: ReleaseState | undefined = known
      ? stateOf(await store.open(system, release).read())
      : undefined;
    const lease = own !== undefined && own.ended === undefined ? await store.lease(system) : undefined;
    const runs = lease?.release === release && !lease.isOver;
    standings.push({ member, begun, runs, ...(over && { over }), ...(own && { state: own }) });
  }
  return standings;
}

function textOf({ id, state, runner }: OpenedTrain, standings: readonly Standing[], stack: string): string {
  const { ended, back, hold, startedAt, startedBy } = state;
  const on = isLocalStack(stack) ? "" : ` --stack ${stack}`;
  const until = ended === undefined ? Date.now() : Date.parse(ended.at);
  const lasted = durationWords(Math.round((until - Date.parse(startedAt)) / 1000));
  const asked = standings.flatMap(({ member, state: own }) => (own ? awaited(own, member.system, on) : []));
  const goesOn = {
    what: "that somebody lets the train go on",
    command: `npx switchyard release resume train${on}`,
  };
  const waits = [...(hold === undefined || ended !== undefined ? [] : [goesOn]), ...asked];
  const lines = [
    `train ${id} on ${stack}`,
    `  started    ${startedAt} by ${startedBy}, ${lasted} ${ended === undefined ? "ago" : "long"}`,
    `  state      ${stateWords(state, runner === undefined && asked.length > 0)}`,
    ...(ended === undefined ? [`  runs       ${runner ?? "nowhere: release resume train takes it up"}`] : []),
    ...(back === undefined
      ? []
      : [`  ${back.command.padEnd(10)} ${back.reason ?? ""} (${back.by}, ${back.at})`]),
    ...(hold === undefined ? [] : [`  on hold    ${hold.reason ?? ""} (${hold.by}, ${hold.at})`]),
    "  releases",
    ...standings.map((standing, index) => {
      const { system, manifest, after } = standing.member;
      const behind = after.length === 0 ? "" : ` (after ${after.join(", ")})`;
      return `    ${index + 1}. ${system} ${manifest.version}${behind}: ${placeOf(standing)}`;
    }),
    ...(waits.length === 0 ? [] : ["  waits for"]),
    ...waits.flatMap(({ what, command }) => [`    ${what}`, `      ${command}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** @param waits whether no process runs it and people are asked */
function stateWords({ ended, back, hold }: OpenedTrain["state"], waits: boolean): string {
  if (ended !== undefined) return `${ended.outcome}: ${ended.why}`;
  if (back !== undefined) return waits ? "goes back, waits for a person" : "goes back";
  if (hold !== undefined) return "on hold";
  return waits ? "waits for a person" : "goes on";
}

/** Where a release of the train is, in words. */
export function placeOf(standing: Standing): string {
  const { begun, state, over } = standing;
  if (state?.reopened !== undefined) {
    const { finishedAt, why } = state.reopened;
    return `finished at ${finishedAt}, ${state.ended === undefined ? "goes back" : "rolled back since"}: ${why}`;
  }
  if (over !== undefined) return `${over.outcome}, ${over.why}`;
  if (!begun) return "has not begun";
  if (state === undefined) return "begins";
  if (state.ended !== undefined) return `${state.ended.outcome}, ${state.ended.why}`;
  if (fails(standing)) {
    const why = state.rollback?.why ?? state.stopped?.why ?? "";
    const held = state.held === undefined ? "" : `; on hold: ${state.held.why}`;
    return `${isOff(standing) ? "has gone back" : "goes back"}: ${why}${held}`;
  }
  if (serves(standing))
    return state.held === undefined ? "serves, is watched" : `serves, waits: ${state.held.why}`;
  if (state.held !== undefined) return `on hold in ${state.phase}: ${state.held.why}`;
  const { has, going } = trafficShare(state);
  return `${state.phase ?? "begins"}, ${has} of the traffic on the new side${going}`;
}

/** One that was taken back after the train had ended did not stay what it was in it. */
function outcomeOf({ over, state }: Standing): string | null {
  if (state?.reopened !== undefined) return state.ended?.outcome ?? null;
  return over?.outcome ?? state?.ended?.outcome ?? null;
}

/** The same for programs. */
function documentOf({ id, state, runner }: OpenedTrain, standings: readonly Standing[]) {
  const { ended, back, hold } = state;
  return {
    train: id,
    digest: state.train.digest,
    environment: state.train.environment,
    startedAt: state.startedAt,
    startedBy: state.startedBy,
    runner: runner ?? null,
    outcome: ended?.outcome ?? null,
    why: ended?.why ?? back?.reason ?? hold?.reason ?? null,
    held: hold === undefined ? null : { why: hold.reason ?? null, by: hold.by, since: hold.at },
    rollback: back === undefined ? null : { why: back.reason ?? null, by: back.by, at: back.at },
    releases: standings.map((standing) => ({
      system: standing.member.system,
      release: standing.member.release,
      version: standing.member.manifest.version,
      after: [...standing.member.after],
      begun: standing.begun,
      serves: serves(standing),
      phase: standing.state?.phase ?? null,
      outcome: outcomeOf(standing),
      place: placeOf(standing),
      awaits: standing.state === undefined ? [] : awaited(standing.state, standing.member.system, ""),
    })),
  };
}
