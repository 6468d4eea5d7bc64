import { hostname } from "node:os";
import { join } from "node:path";
import { dataAdapterOf } from "../../release/data";
import type { Clock } from "../../release/engine/clock";
import { Diary } from "../../release/engine/diary";
import type { EngineParts, Gate } from "../../release/engine/parts";
import { type RunResult, run } from "../../release/engine/run";
import { systemClock } from "../../release/engine/system-clock";
import { engineView } from "../../release/engine/view";
import { looker } from "../../release/gates/look";
import type { Command, HeldLease } from "../../release/journal/journal";
import { LocalJournal, leaseForRollback } from "../../release/journal/local-journal";
import type { VerifiableStore } from "../../release/journal/verifiable-store";
import { UserError } from "../../release/user-error";
import type { StoreKind } from "../../runbooks/release-facts";
import type { CommandContext } from "../context";
import { isLocalStack } from "../stack-files";
import { previousManifest } from "./earlier-releases";
import { enginePorts } from "./engine-ports";
import { firstComponents } from "./first-version";
import { knowledgeOf } from "./knowledge";
import type { LoadedSystem } from "./load-release";
import { strategiesOf } from "./strategies";

/** How often a store is asked for commands: a folder of this machine, or a container far away. */
const askMilliseconds = { near: 200, far: 1000 } as const;

export interface ProcessArgs {
  readonly loaded: LoadedSystem;
  readonly store: VerifiableStore;
  readonly lease: HeldLease;
  /** Seconds of the runbook in one of this process; above 1 in a rehearsal on dev. */
  readonly speed: number;
  /** Whether the process stays while it waits for people before anything moved. */
  readonly waits: boolean;
  progress(line: string): void;
}

/** This process, as leases name it. */
export function holderName(): string {
  return `${hostname()}:${process.pid}`;
}

/**
 * Runs a release whose `started` is written, from wherever its journal says it is, until it ends or waits for people.
 *
 * @throws LeaseLost when another process has it now
 */
export async function runRelease(context: CommandContext, args: ProcessArgs): Promise<RunResult> {
  const { loaded, store, speed, waits, progress } = args;
  const { workspace, signal } = context;
  const { contract, surroundings, stack } = loaded;
  const { release } = args.lease;
  const clock = systemClock(speed);
  let rollingBack = () => false;
  const journal = new LocalJournal(store.open(contract.system, release, args.lease), {
    system: contract.system,
    release,
    folder: join(workspace.stateDir, "releases", "pending"),
    rollingBack: () => rollingBack(),
    clock,
    say: progress,
  });
  const diary = await Diary.open(journal, clock, progress);
  rollingBack = () => diary.rollsBack;
  const lease = leaseForRollback(args.lease, () => rollingBack());
  const { plan } = diary.state;
  const before = await previousManifest(store, contract.system, release);
  const first = isLocalStack(stack) ? await firstComponents(workspace, contract.system) : {};
  const strategies = strategiesOf({
    plan,
    release,
    lease,
    surroundings,
    clock,
    previous: { ...first, ...before?.components },
  });
  const system = { ...loaded, facts: plan.facts };
  const outside = knowledgeOf({ context, release: system, releaseId: release, plan, store });
  const view = engineView(() => diary.state, strategies, outside);
  const gates = Object.values(plan.entries).filter((entry): entry is Gate => entry.word.endsWith("Gate"));
  const looks = looker(surroundings, view, gates, workspace.root);
  const parts: EngineParts = {
    clock,
    journal,
    lease,
    strategies,
    look: (gate, gateContext) => looks.look(gate, gateContext),
    data: (kind) => dataAdapterOf(kind as StoreKind, surroundings),
    ...enginePorts({
      context,
      release: system,
      releaseId: release,
      journal,
      clock,
      commit: plan.manifest.commit,
    }),
    given: (known) => store.commands(contract.system, release, known),
    nextCommand: (known, stop) => nextCommand(args, release, known, stop, clock),
    progress,
    waits,
  };
  try {
    for (const strategy of strategies.values()) await strategy.claim?.();
    const result = await run(parts, signal, diary);
    if (journal.isBehind) await journal.reconcile();
    return result;
  } finally {
    await looks.close();
    progress(`journal: ${store.where}, release ${release} of ${contract.system} on ${stack}`);
  }
}

async function nextCommand(
  { store, loaded, progress }: ProcessArgs,
  release: string,
  known: ReadonlySet<string>,
  signal: AbortSignal,
  clock: Clock,
): Promise<Command> {
  const pause = loaded.surroundings.environment === "dev" ? askMilliseconds.near : askMilliseconds.far;
  for (let said = false; ; ) {
    try {
      const [command] = await store.commands(loaded.contract.system, release, known);
      if (command !== undefined) return command;
      said = false;
    } catch (error) {
      if (!(error instanceof UserError && error.retriable)) throw error;
      if (!said) progress(`commands cannot be read: ${error.message}; asked again`);
      said = true;
    }
    await clock.sleep(pause, signal);
  }
}
