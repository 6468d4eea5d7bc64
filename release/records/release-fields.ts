import { type ReleaseState, stateOf } from "../engine/state";
import type { JournalRecord } from "../journal/entry";
import { movingSpan } from "../plan/calendar-refusals";
import { componentDigest } from "../plan/manifest";
import type { Plan } from "../plan/plan";
import { movingPhases } from "../plan/selection";
import { changesWords } from "../plan/stack-changes";
import { durationWords } from "../plan/words";
import { dataFields } from "./data-fields";
import { durationFields } from "./duration-fields";
import { gateFields } from "./gate-fields";

type Fields = Readonly<Record<string, string>>;

const outcomes: Readonly<Record<string, string>> = {
  finish: "finished",
  "follow-up": "finished",
  rollback: "rolled back",
  "rollback-watch": "rolled back",
  "rolled-back": "rolled back",
  aborted: "aborted",
};

/**
 * What a journal says of its release, by the names that contracts use for it. A field of which it says nothing is absent.
 *
 * @param records of one release, from the first one on
 * @param now when the record is written
 */
export function releaseFields(records: readonly JournalRecord[], now: Date): Fields {
  const state = stateOf(records);
  const { plan, startedAt, startedBy, phase = "prepare", rollback } = state;
  const from = plan.from.version;
  const outcome = outcomes[phase] ?? "under way";
  const tag = tagOf(plan.entries, plan.manifest.version);
  return {
    title: `${plan.system} ${plan.manifest.version}${plan.stack === undefined ? "" : ", infrastructure"}`,
    ...(tag !== undefined && { tag }),
    ...(from !== undefined && { "previous version": from }),
    manifest: plan.manifestDigest,
    ...(plan.manifest.commit !== undefined && { commit: plan.manifest.commit }),
    digests: Object.entries(plan.manifest.components)
      .map(([name, component]) => `${name} ${componentDigest(component)}`)
      .join(", "),
    changes: changesOf(plan),
    news: newsOf(plan),
    deployedBy: startedBy,
    status: outcome,
    outcome,
    rolledBack: String(rollback !== undefined),
    ...(rollback === undefined && state.stopped !== undefined && { reason: state.stopped.why }),
    notes: rollback?.why ?? changesOf(plan),
    start: startedAt,
    startedAt,
    end: now.toISOString(),
    endedAt: now.toISOString(),
    finishedAt: now.toISOString(),
    time: now.toISOString().slice(11, 16),
    weight: String(weightOf(records)),
    ...nextField(state, outcome),
    ...valueField(records, rollback?.gate ?? state.held?.gate),
    ...peopleFields(records, startedBy),
    ...toldFields(records),
    ...dataFields(state),
    ...gateFields(state),
    ...baselineField(state),
    ...durationFields(state, now),
    ...maintenanceFields(state, now),
  };
}

function baselineField({ baselines }: ReleaseState): Fields {
  const values = Object.entries(baselines).map(([gate, value]) => `${gate} ${value}`);
  return values.length === 0
    ? {}
    : { "value of each gate that compares with the baseline": values.join(", ") };
}

/**
 * What users may notice, by the clock of UTC: from the first step that moves something to the last, as planned; the end by
 * what is still left of them. Checks before and the watch behind are the team's.
 */
function maintenanceFields({ plan, startedAt, done }: ReleaseState, now: Date): Fields {
  const began = Math.max(Date.parse(startedAt), Date.parse(plan.startsAt));
  const span = movingSpan(plan.steps, new Date(began));
  if (span === undefined) return {};
  const last = plan.steps.findLastIndex(({ phase }) => movingPhases.includes(phase));
  const left = plan.steps.slice(0, last + 1).filter(({ id }) => !done.has(id));
  const goesOn = new Date(Math.max(began, now.getTime()));
  const end = movingSpan(left, goesOn)?.to ?? goesOn;
  const minute = (date: Date) => date.toISOString().slice(0, 16).replace("T", " ");
  return {
    maintenanceStart: minute(span.from),
    maintenanceEnd: minute(end),
    maintenanceDuration: durationWords(Math.round((span.to.getTime() - span.from.getTime()) / 60_000) * 60),
  };
}

/** What comes next, for whoever is told; nothing is said while nothing is special. */
function nextField({ plan, held }: ReleaseState, outcome: string): Fields {
  if (outcome === "rolled back")
    return {
      next:
        plan.stack === undefined
          ? "find the cause, mend it and release anew"
          : "people bring the stack back; then find the cause, mend it and release anew",
    };
  if (held === undefined) return {};
  const command = (name: string) => `switchyard release ${name} ${plan.system}`;
  return {
    next: held.needsPerson
      ? `somebody decides: ${command("promote")} or ${command("rollback")}`
      : "it goes on by itself once its gates pass",
  };
}

/** What a release brings, as far as its manifest says it; one of infrastructure alone, what changes in its stack. */
function changesOf({ stack, manifest, from: { version: from } }: Plan): string {
  const { version, migration } = manifest;
  if (stack !== undefined) return `${changesWords(stack.changes)}; ${version} stays live`;
  const migrations = migration?.names ?? [];
  const moved = from === undefined ? version : `${version} after ${from}`;
  return migrations.length === 0 ? moved : `${moved}, with the migrations ${migrations.join(", ")}`;
}

/** What is new for those who use the system; a commit's subject is for others. */
function newsOf({ manifest: { version, news }, stack }: Plan): string {
  const usual =
    stack === undefined ? `✓ Improvements of version ${version}` : "✓ Improvements behind the scenes";
  return news?.map((line) => `✓ ${line}`).join("\n") ?? usual;
}

/** Name of the tag that the release makes. */
function tagOf(entries: Plan["entries"], version: string): string | undefined {
  for (const entry of Object.values(entries)) {
    if (entry.word === "step" && entry.does.action === "tag")
      return entry.does.format.replace("{version}", version);
  }
  return undefined;
}

/** Percent of the traffic that the new version has, by the last step that moved it. */
function weightOf(records: readonly JournalRecord[]): number {
  const { plan } = stateOf(records);
  let percent = 0;
  for (const { entry } of records) {
    if (entry.kind !== "intent" && entry.kind !== "done") continue;
    const step = [...plan.steps, ...plan.rollback].find(({ id }) => id === entry.step);
    const work = step && plan.entries[step.entry];
    if (step?.does.as === "weight") percent = step.does.percent;
    else if (entry.kind === "done" && work?.word === "step" && work.does.action === "traffic") {
      if (work.does.move === "switch") percent = 100;
      if (work.does.move === "back") percent = 0;
    }
  }
  return percent;
}

function valueField(records: readonly JournalRecord[], gate: string | undefined): Fields {
  if (gate === undefined) return {};
  const verdict = records.findLast(({ entry }) => entry.kind === "verdict" && entry.gate === gate)?.entry;
  if (verdict?.kind !== "verdict") return {};
  return { value: verdict.value === undefined ? verdict.why : String(verdict.value) };
}

function peopleFields(records: readonly JournalRecord[], starter: string): Fields {
  const { plan, verdicts } = stateOf(records);
  const commands = records.flatMap(({ entry }) => (entry.kind === "command" ? [entry] : []));
  const approvals = commands.filter(({ command }) => command === "approve");
  const passed = [...verdicts.values()].filter(({ verdict }) => verdict === "pass").map(({ gate }) => gate);
  const evidence = plan.steps.filter(({ does, id }) => does.as === "gate" && stateOf(records).done.has(id));
  const gates = [...new Set([...passed, ...evidence.map(({ entry }) => entry)])].sort();
  return {
    approvals:
      approvals.length === 0
        ? "none asked for"
        : approvals.map(({ by, role }) => `${by} as ${role}`).join(", "),
    team: [...new Set([starter, ...commands.map(({ by }) => by)])].join(", "),
    gates: `${gates.length} passed: ${gates.join(", ")}`,
  };
}

function toldFields(records: readonly JournalRecord[]): Fields {
  const { plan } = stateOf(records);
  const told = records.flatMap(({ entry, at }) => (entry.kind === "told" ? [{ ...entry, at }] : []));
  if (told.length === 0) return {};
  const joined = (values: readonly string[]) => [...new Set(values)].join(", ");
  const audienceOf = (name: string) => {
    const entry = plan.entries[name];
    return entry?.word === "notify" ? entry.audience : name;
  };
  return {
    message: joined(told.map(({ entry }) => entry)),
    audience: joined(told.map(({ entry }) => audienceOf(entry))),
    channel: joined(told.map(({ channel }) => channel)),
    sentAt: joined(told.map(({ at }) => at)),
    delivered: `${told.filter(({ delivered }) => delivered).length} of ${told.length}`,
  };
}
