import { randomUUID } from "node:crypto";
import type { Clock } from "../../release/engine/clock";
import type { Gate } from "../../release/engine/parts";
import type { ReleaseState } from "../../release/engine/state";
import { systemClock } from "../../release/engine/system-clock";
import { engineView } from "../../release/engine/view";
import type { GateContext, Sample, Verdict } from "../../release/gates/gate-provider";
import { looker } from "../../release/gates/look";
import { next } from "../../release/gates/verdict";
import type { VerifiableStore } from "../../release/journal/verifiable-store";
import type { Environment } from "../../runbooks/model";
import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { CommandContext } from "../context";
import { type DueFollowUp, earlierReleases, lookEntry } from "./earlier-releases";
import { knowledgeOf } from "./knowledge";
import { type LoadedSystem, loadSystem } from "./load-release";

/** What a gate of a follow-up said. */
export interface FollowUpVerdict {
  readonly gate: string;
  readonly statements: readonly string[];
  readonly verdict: Verdict;
  readonly why: string;
}

export interface LookedAt {
  readonly followUp: DueFollowUp;
  readonly verdicts: readonly FollowUpVerdict[];
  /** Whether it is answered by that: every gate passed, and its time is over. */
  readonly answered: boolean;
}

/**
 * Looks at the gates of those follow-ups that are due and consist of gates, about what the release brought, and writes the
 * verdicts down with the release. One that goes on for some time is looked at as often as the runbook says, and answered by
 * the first look after that time.
 */
export async function lookAtFollowUps(
  context: CommandContext,
  store: VerifiableStore,
  stack: string,
  system: string,
  due: readonly DueFollowUp[],
): Promise<readonly LookedAt[]> {
  const ofGates = due.filter((one) => one.gates !== undefined && wantsLook(one, new Date()));
  if (ofGates.length === 0) return [];
  const loaded = await loadSystem(context, { system, stack });
  const states = await earlierReleases(store, system);
  const looked: LookedAt[] = [];
  for (const followUp of ofGates) {
    const state = states.find(({ release }) => release === followUp.release);
    if (state === undefined) continue;
    const verdicts = await verdictsOf(context, loaded, store, state, followUp.gates ?? []);
    const now = new Date();
    const answered = isAnswered(followUp, verdicts, now);
    await store.send(system, followUp.release, {
      id: randomUUID(),
      command: "answer",
      by: "switchyard",
      at: now.toISOString(),
      // An answer under the follow-up's own name ends it; what is seen before stands beside it.
      entry: answered ? followUp.entry : lookEntry(followUp.entry, now.toISOString()),
      answer: verdicts.map(({ gate, verdict, why }) => ({ gate, verdict, why })),
    });
    looked.push({ followUp, verdicts, answered });
  }
  return looked;
}

interface Looking {
  readonly environment: Environment;
  readonly facts: ReleaseFacts;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  look(gate: Gate, context: GateContext): Promise<Sample>;
}

/** What gates of a release say after it, of one look at each. */
export async function verdictsAfter(
  { plan, ended, startedAt, baselines }: ReleaseState,
  gates: readonly Gate[],
  { look, clock, ...world }: Looking,
): Promise<readonly FollowUpVerdict[]> {
  const phaseBegan = new Date(ended?.at ?? startedAt);
  const about: GateContext = {
    ...world,
    clock,
    manifest: plan.manifest,
    candidate: plan.to.sides,
    live: plan.to.sides,
    phaseBegan,
    releaseBegan: new Date(startedAt),
    baselines,
    remembered: new Map(),
  };
  const verdicts: FollowUpVerdict[] = [];
  for (const gate of gates) {
    const sample = await look(gate, about);
    const baseline = baselines[gate.name];
    const moment = { now: clock.now(), speed: 1, phaseBegan, ...(baseline !== undefined && { baseline }) };
    const { verdict, why } = next(undefined, gate, sample, moment);
    verdicts.push({ gate: gate.name, statements: gate.ids, verdict, why });
  }
  return verdicts;
}

/** A schedule that comes by a little early is on time: the look would otherwise be late by a whole turn of it. */
const earlyMilliseconds = 2 * 60_000;

/** Whether it is time to look at a follow-up's gates. */
export function wantsLook({ nextLookAt }: Pick<DueFollowUp, "nextLookAt">, now: Date): boolean {
  return nextLookAt === undefined || now.getTime() + earlyMilliseconds >= Date.parse(nextLookAt);
}

/** Whether verdicts answer a follow-up: every gate passed, and what goes on for some time is over. */
export function isAnswered(
  { until, dueAt }: DueFollowUp,
  verdicts: readonly FollowUpVerdict[],
  now: Date,
): boolean {
  return verdicts.every(({ verdict }) => verdict === "pass") && now.getTime() >= Date.parse(until ?? dueAt);
}

async function verdictsOf(
  context: CommandContext,
  loaded: LoadedSystem,
  store: VerifiableStore,
  state: ReleaseState,
  names: readonly string[],
): Promise<readonly FollowUpVerdict[]> {
  const { plan, release } = state;
  const gates = names.flatMap((name): readonly Gate[] => {
    const entry = plan.entries[name];
    return entry?.word === "metricGate" || entry?.word === "checkGate" ? [entry] : [];
  });
  const outside = knowledgeOf({ context, release: loaded, releaseId: release, plan, store });
  const view = engineView(() => state, new Map(), outside);
  const looks = looker(loaded.surroundings, view, gates, context.workspace.root);
  try {
    return await verdictsAfter(state, gates, {
      environment: loaded.environment,
      facts: loaded.facts,
      clock: systemClock(),
      signal: context.signal,
      look: (gate, about) => looks.look(gate, about),
    });
  } finally {
    await looks.close();
  }
}
