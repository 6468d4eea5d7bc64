import type { Restored } from "../../release/data/data-adapter";
import { promoteHelps } from "../../release/engine/left-out";
import { hasChanged, type ReleaseState } from "../../release/engine/state";
import { trafficShare } from "../../release/engine/traffic-share";
import type { PlanStep } from "../../release/plan/plan";
import { sideWords, versionWords } from "../../release/plan/plan-sides";
import { updatesStack } from "../../release/plan/selection";
import { durationWords } from "../../release/plan/words";
import type { ScheduleState } from "../../release/schedule/state";
import { productionSide } from "../../release/targets/sides";
import type { CommandContext } from "../context";
import { isLocalStack } from "../stack-files";
import { show } from "./follow";
import { journalStoreOf } from "./journal-store";
import { scheduledOnStack } from "./scheduled";
import { scheduleDocument, scheduleText } from "./show-schedule";
import { requireSystem } from "./system-named";
import { type OpenedRelease, openRelease, stepsToCome } from "./tell-release";

export interface StatusOptions {
  readonly stack: string;
  readonly release?: string;
  readonly format: "text" | "json";
  readonly follow: boolean;
}

/** Where a release stands; with `follow`, again whenever that is another place, until it has ended. */
export async function showStatus(
  context: CommandContext,
  system: string,
  options: StatusOptions,
): Promise<void> {
  const { stack, format, follow, release } = options;
  requireSystem(system);
  // What is to come is nothing to say of one that is named.
  const scheduled = release === undefined ? await scheduledOnStack(context, stack, system) : undefined;
  if (scheduled !== undefined && (await hasNoRelease(context, stack, system))) {
    const now = new Date();
    const document = { release: null, system, scheduled: scheduleDocument(scheduled, now) };
    context.out(
      format === "json" ? `${JSON.stringify(document, undefined, 2)}\n` : scheduleText(scheduled, stack, now),
    );
    return;
  }
  let opened: OpenedRelease | undefined;
  await show(context, follow, async () => {
    opened = opened === undefined ? await openRelease(context, system, options) : await opened.again();
    const text =
      format === "json"
        ? `${JSON.stringify(withScheduled(statusDocument(opened), scheduled), undefined, follow ? undefined : 2)}\n`
        : `${statusText(system, stack, opened)}${scheduled === undefined ? "" : scheduleText(scheduled, stack, new Date())}`;
    return { text, ended: opened.state.ended !== undefined };
  });
}

async function hasNoRelease(context: CommandContext, stack: string, system: string): Promise<boolean> {
  const { workspace, say } = context;
  const store = journalStoreOf({ workspace, stack, user: process.env, warn: say });
  return (await store.releases(system)).length === 0;
}

function withScheduled(document: ReturnType<typeof statusDocument>, scheduled: ScheduleState | undefined) {
  if (scheduled === undefined) return document;
  return { ...document, scheduled: scheduleDocument(scheduled, new Date()) };
}

/** What waits for a person, with the command that gives it. */
export interface Awaited {
  readonly entry: string;
  readonly what: string;
  readonly command: string;
}

export function awaited(state: ReleaseState, system: string, on: string): readonly Awaited[] {
  const { plan, done, ended, held } = state;
  if (ended !== undefined) return [];
  // An approval that ran out is waited for again, although its step is done.
  const open = stepsToCome(state).filter(
    ({ id, entry }) => state.asked.has(entry) && (!done.has(id) || id === held?.step),
  );
  const questions = open.flatMap(({ entry: name }) => {
    const entry = plan.entries[name];
    if (entry?.word === "approval") {
      return entry.roles.map((role) => ({
        entry: name,
        what: `${entry.title} (${role})`,
        command: `npx switchyard release approve ${system} --entry ${name} --role ${role}${on}`,
      }));
    }
    if (entry?.word !== "manual") return [];
    const answer = { done: "done", yesNo: "yes|no", number: "NUMBER", text: "TEXT" }[entry.answer];
    return [
      {
        entry: name,
        what: `${entry.role}: ${entry.question}`,
        command: `npx switchyard release answer ${system} --entry ${name} --value ${answer}${on}`,
      },
    ];
  });
  const restore = held?.step === undefined ? undefined : plan.restore.find(({ id }) => id === held.step);
  if (restore !== undefined && state.asked.has(restore.entry) && !state.begun.includes(restore.id))
    return [...questions, ...confirmations(state, restore, system, on)];
  if (held === undefined || !held.needsPerson || questions.some(({ entry }) => held.step?.includes(entry)))
    return questions;
  return [
    ...questions,
    {
      entry: held.gate ?? held.step ?? "hold",
      what: held.why,
      command: waysOn(state, system, on).join(`\n      or `),
    },
  ];
}

/** What a person may say to a hold: look or try again, let it pass or leave it out, go back, or stay live after all. */
function waysOn(state: ReleaseState, system: string, on: string): readonly string[] {
  const { rollback, reopened, stopped, servedPercent } = state;
  const say = (words: string) => `npx switchyard release ${words}${on}`;
  const back = rollback !== undefined || stopped !== undefined;
  return [
    say(`resume ${system}`),
    ...(promoteHelps(state) ? [say(`promote ${system} --reason TEXT`)] : []),
    ...(back ? [] : [say(`rollback ${system} --reason TEXT`)]),
    ...(reopened !== undefined && servedPercent === 100 ? [say(`abort ${system} --reason TEXT`)] : []),
  ];
}

/** That data are restored, by each role that has not said so yet; or that they stay as they are. */
function confirmations(state: ReleaseState, step: PlanStep, system: string, on: string): readonly Awaited[] {
  const entry = state.plan.entries[step.entry];
  const roles = entry?.word === "step" && entry.does.action === "restore" ? entry.does.confirmedBy : [];
  const given = state.confirmations.map(({ role }) => role);
  const open = roles.filter((role) => !given.includes(role));
  // Where each role was given, somebody spoke who may not: all are asked again.
  return [
    ...(open.length > 0 ? open : roles).map((role) => ({
      entry: step.entry,
      what: `${step.title} (${role})`,
      command: `npx switchyard release confirm ${system} --role ${role} --reason TEXT${on}`,
    })),
    {
      entry: step.entry,
      what: "or the data stay as they are",
      command: `npx switchyard release promote ${system} --reason TEXT${on}`,
    },
  ];
}

export function statusText(
  system: string,
  stack: string,
  { release, state, runner, noted = [] }: OpenedRelease,
): string {
  const { plan, phase, ended, reopened, rollback, held, heldClients } = state;
  const on = isLocalStack(stack) ? "" : ` --stack ${stack}`;
  const began = Date.parse(state.startedAt);
  const over = reopened?.finishedAt ?? ended?.at;
  const until = over === undefined ? Date.now() : Date.parse(over);
  const waiting = awaited(state, system, on);
  const lines = [
    `${system} ${versionWords(plan)} on ${stack}, release ${release}`,
    `  started    ${state.startedAt} by ${state.startedBy}, ${durationWords(Math.round((until - began) / 1000))} ago`.replace(
      / ago$/,
      over === undefined ? " ago" : " long",
    ),
    ...(reopened === undefined
      ? []
      : [`  finished   ${reopened.finishedAt}, and was live until it went back`]),
    `  state      ${stateWords(state)}`,
    ...(ended === undefined ? [`  runs       ${runner ?? "nowhere: release resume takes it up"}`] : []),
    ...noted.map(
      ({ command, by, reason }) =>
        `  noted      ${command} by ${by}${reason === undefined ? "" : `: ${reason}`}; heard by the process that takes it up`,
    ),
    ...(ended === undefined ? [`  traffic    ${trafficWords(state)}`] : []),
    ...(phase === undefined ? [] : [`  phase      ${phase}, since ${state.phaseBegan}`]),
    `  steps      ${stepsDone(state)}`,
    ...(rollback === undefined ? [] : [`  rollback   ${rollback.why} (${rollback.by}, ${rollback.at})`]),
    ...(heldClients === undefined ? [] : [`  clients    ${heldClients.words}`]),
    ...restoredLines(state),
    ...(held === undefined ? [] : [`  on hold    ${held.why} (since ${held.at})`]),
    ...(ended === undefined ? gateLines(state) : []),
    ...(waiting.length === 0 ? [] : ["  waits for"]),
    ...waiting.flatMap(({ what, command }) => [
      `    ${what === held?.why ? "a decision" : what}`,
      `      ${command}`,
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

function stateWords({ ended, reopened, rollback, held, stopped }: ReleaseState): string {
  if (ended !== undefined) return `${ended.outcome}: ${ended.why}`;
  const hold = held?.needsPerson ? "on hold, waits for a person" : "on hold, goes on by itself";
  const onHold = held === undefined ? "" : `; ${hold}`;
  if (stopped !== undefined) return `is taken back: ${stopped.why}${onHold}`;
  if (rollback !== undefined) return `is rolled back${onHold}`;
  if (reopened !== undefined) return `is to be rolled back: ${reopened.why}${onHold}`;
  return held === undefined ? "goes on" : hold;
}

/** Where the data are since a restore. */
function restoredLines({ plan, done }: ReleaseState): readonly string[] {
  return plan.restore.flatMap(({ id, entry }) => {
    const named = plan.entries[entry];
    const seen = done.get(id)?.seen as Partial<Restored> | null | undefined;
    if (named?.word !== "step" || named.does.action !== "restore" || seen?.target === undefined) return [];
    return [
      `  restored   ${named.does.store} to ${seen.target}, which the secret ${seen.switchedSecret} names; the stack's file still names what was before (docs/data.md)`,
    ];
  });
}

function stepsDone({ plan, done, rollback, stopped, restoreAsked, ended }: ReleaseState): string {
  const restore = restoreAsked ? plan.restore : [];
  const [traffic, after] = [
    plan.rollback.filter(({ phase }) => phase === "rollback"),
    plan.rollback.filter(({ phase }) => phase !== "rollback"),
  ];
  const steps: readonly PlanStep[] =
    rollback !== undefined
      ? [...traffic, ...restore, ...after]
      : stopped !== undefined && restore.length + plan.aborted.length > 0
        ? [...restore, ...plan.aborted]
        : plan.steps;
  const next = ended === undefined ? steps.find(({ id }) => !done.has(id)) : undefined;
  const count = steps.filter(({ id }) => done.has(id)).length;
  return `${count} of ${steps.length}${next === undefined ? "" : `, now ${next.id}: ${next.action}`}`;
}

/** Gates of the phase that do not pass; of that which holds the release, told of already, that it passes meanwhile. */
function gateLines({ verdicts, phase, plan, held }: ReleaseState): readonly string[] {
  return [...verdicts.values()]
    .filter((one) => one.phase === phase && (one.verdict !== "pass") === (one.gate !== held?.gate))
    .map(({ gate, verdict, why }) => `  gate       ${plan.entries[gate]?.title ?? gate}: ${verdict}, ${why}`);
}

/** Of a release that deploys nothing also how far its update came: that is what people get. */
function trafficWords(state: ReleaseState): string {
  const { plan, done, rollback } = state;
  const sides = sideWords({ sides: sidesNow(state) });
  const { has, going } = trafficShare(state);
  if (plan.stack === undefined) return `${has} to ${sides}${going}`;
  if (rollback !== undefined) return `stays on ${sides}; its stack was changed, and people bring it back`;
  const updated = plan.steps.some(({ id, entry }) => done.has(id) && updatesStack(plan.entries[entry]));
  const stack = updated
    ? "its stack is updated"
    : hasChanged(state)
      ? "its stack is being updated"
      : "its stack is not updated yet";
  return `stays on ${sides}; ${stack}`;
}

/** Side of the candidate by track: what was on a slot is in production once it was swapped. */
function sidesNow({ plan, done, servedPercent }: ReleaseState): Readonly<Record<string, string>> {
  const { to, steps, entries, facts } = plan;
  const switched = steps.some(({ id, entry: name }) => {
    const entry = entries[name];
    if (!done.has(id) || entry?.word !== "step" || entry.does.action !== "traffic") return false;
    return entry.does.move === "switch";
  });
  if (!switched || servedPercent === 0) return to.sides;
  const slots = facts.tracks.filter(({ target }) => target.kind === "slots");
  return { ...to.sides, ...Object.fromEntries(slots.map(({ name }) => [name, productionSide])) };
}

/** The same for programs. */
export function statusDocument({ release, state, runner, noted = [] }: OpenedRelease) {
  const { plan, ended, reopened, rollback, held, phase, done } = state;
  const { percent, goingTo } = trafficShare(state);
  return {
    release,
    system: plan.system,
    environment: plan.environment,
    from: plan.from.version ?? null,
    to: plan.manifest.version,
    ...(plan.stack !== undefined && { stackChanges: plan.stack.changes.length }),
    startedAt: state.startedAt,
    startedBy: state.startedBy,
    runner: runner ?? null,
    phase: phase ?? null,
    outcome: ended?.outcome ?? null,
    finishedAt: reopened?.finishedAt ?? null,
    why: ended?.why ?? held?.why ?? rollback?.why ?? null,
    held: held === undefined ? null : { why: held.why, since: held.at, needsPerson: held.needsPerson },
    rollback: rollback === undefined ? null : { why: rollback.why, by: rollback.by, at: rollback.at },
    candidatePercent: percent,
    goingToPercent: goingTo ?? null,
    ...(state.heldClients !== undefined && { heldClients: state.heldClients }),
    done: [...done.keys()],
    ...(noted.length > 0 && {
      noted: noted.map(({ command, by, reason }) => ({ command, by, reason: reason ?? null })),
    }),
    awaits: awaited(state, plan.system, ""),
  };
}
