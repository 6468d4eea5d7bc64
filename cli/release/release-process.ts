import { hostname } from "node:os";
import { dataAdapterOf } from "../../release/data";
import { Diary } from "../../release/engine/diary";
import type { EngineParts, Gate } from "../../release/engine/parts";
import { stepsBack } from "../../release/engine/percent-after";
import { type RunResult, run } from "../../release/engine/run";
import { wentBack } from "../../release/engine/state";
import { systemClock } from "../../release/engine/system-clock";
import { engineView } from "../../release/engine/view";
import { looker } from "../../release/gates/look";
import { CommandsHere } from "../../release/journal/commands-here";
import type { HeldLease } from "../../release/journal/journal";
import { LocalJournal, leaseForRollback } from "../../release/journal/local-journal";
import type { VerifiableStore } from "../../release/journal/verifiable-store";
import type { Manifest } from "../../release/plan/manifest";
import type { Plan } from "../../release/plan/plan";
import { plannedEnd } from "../../release/plan/plan-seconds";
import { accompanied, type MemberCompany, readAlong } from "../../release/train/member";
import type { StoreKind } from "../../runbooks/release-facts";
import type { CommandContext } from "../context";
import { isLocalStack } from "../stack-files";
import { broughtBy } from "./commits";
import { earlierBackups, previousManifest } from "./earlier-releases";
import { enginePorts } from "./engine-ports";
import { evidenceOfFinished } from "./finished-evidence";
import { firstComponents } from "./first-version";
import { knowledgeOf } from "./knowledge";
import type { LoadedSystem } from "./load-release";
import { commandReader } from "./next-command";
import { pendingFolder } from "./pending-folder";
import { signerOfStack } from "./signer-of-stack";
import { strategiesOf } from "./strategies";

export interface ProcessArgs {
  readonly loaded: LoadedSystem;
  readonly store: VerifiableStore;
  readonly lease: HeldLease;
  /** Seconds of the runbook in one of this process; above 1 in a rehearsal on dev. */
  readonly speed: number;
  /** Whether the process stays while it waits for people before anything moved. */
  readonly waits: boolean;
  /** Of a release in a train. */
  readonly company?: MemberCompany;
  progress(line: string): void;
}

/** Of the newest release that finished, where that is what is live. */
function commitOfLive({ manifest }: Plan, before: Manifest | undefined): string | undefined {
  return before?.version === manifest.version ? before.commit : undefined;
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
  const { loaded, store, speed, company, progress } = args;
  const { workspace, signal } = context;
  const { contract, surroundings, stack } = loaded;
  const { release } = args.lease;
  const clock = systemClock(speed);
  let rollingBack = () => false;
  const journal = new LocalJournal(store.open(contract.system, release, args.lease), {
    system: contract.system,
    release,
    folder: pendingFolder(workspace),
    rollingBack: () => rollingBack(),
    clock,
    say: progress,
  });
  const here = new CommandsHere(pendingFolder(workspace), contract.system, release);
  const read = company === undefined ? journal : readAlong(journal, company);
  const diary = await Diary.open(read, clock, progress);
  rollingBack = () => diary.rollsBack;
  const lease = leaseForRollback(args.lease, () => rollingBack());
  const { plan } = diary.state;
  const before = await previousManifest(store, contract.system, release);
  const first = isLocalStack(stack) ? await firstComponents(workspace, contract.system) : {};
  const strategies = strategiesOf({
    plan,
    release,
    startedAt: diary.state.startedAt,
    wentBack: wentBack(diary.state),
    lease,
    surroundings,
    clock,
    takenBack: diary.state.reopened !== undefined,
    previous: { ...first, ...before?.components },
  });
  const system = { ...loaded, facts: plan.facts };
  const outside = knowledgeOf({ context, release: system, releaseId: release, plan, store });
  const view = engineView(() => diary.state, strategies, outside);
  const gates = Object.values(plan.entries).filter((entry): entry is Gate => entry.word.endsWith("Gate"));
  const looks = looker(surroundings, view, gates, workspace.root, (now) =>
    plannedEnd(plan.steps, diary.state.done, now, speed),
  );
  const parts: EngineParts = {
    clock,
    journal,
    lease,
    strategies,
    look: (gate, gateContext) => looks.look(gate, gateContext),
    days: loaded.settings.days,
    data: (kind) => dataAdapterOf(kind as StoreKind, surroundings),
    earlierBackups: () => earlierBackups(store, contract.system, release),
    ...enginePorts({
      context,
      release: system,
      releaseId: release,
      journal,
      clock,
      // What stays live was made of the commit of its own release.
      commit: plan.stack === undefined ? plan.manifest.commit : commitOfLive(plan, before),
      deploys: plan.stack === undefined,
      brought: () =>
        broughtBy({
          store,
          system: contract.system,
          releaseId: release,
          manifest: plan.manifest,
          folder: workspace.root,
        }),
    }),
    given: async (known) => [
      ...(await here.given(known, progress)),
      ...(await store.commands(contract.system, release, known)),
    ],
    nextCommand: commandReader(store, contract.system, release, {
      clock,
      near: surroundings.environment === "dev",
      here,
      say: progress,
    }),
    progress,
    waits: args.waits,
  };
  try {
    await announced(here, { system: contract.system, release, stack, plan }, progress);
    for (const strategy of strategies.values()) await strategy.claim?.();
    const isTakenBack = diary.state.reopened !== undefined;
    const evidence = () =>
      evidenceOfFinished({
        workspace,
        stack,
        user: process.env,
        records: () => journal.read(),
        signer: () => signerOfStack(workspace, stack, process.env),
        now: () => clock.now(),
      })();
    // Each process of a way back signs that it did not stay, beside its first step: nobody relies on it meanwhile, and
    // one that is killed loses nothing.
    const early = isTakenBack ? saidEvidence("it did not stay", evidence, progress) : undefined;
    const result = await run(company === undefined ? parts : accompanied(parts, company), signal, diary);
    const isSigned = await early;
    if (isTakenBack && result.end === "rolledBack" && isSigned === false)
      await saidEvidence("it did not stay", evidence, progress);
    if (isTakenBack && result.end === "finished")
      await saidEvidence("it stays after all", evidence, progress);
    return result;
  } finally {
    await looks.close();
    await withdrawn(here, progress);
    progress(`journal: ${store.where}, release ${release} of ${contract.system} on ${stack}`);
  }
}

/** A release goes on without that: it can then be told through the store alone. */
async function announced(
  here: CommandsHere,
  { system, release, stack, plan }: { system: string; release: string; stack: string; plan: Plan },
  progress: (line: string) => void,
): Promise<void> {
  try {
    await here.announce({ system, release, stack, holder: holderName(), back: stepsBack(plan) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    progress(`people of this machine cannot be heard while the store is away: ${(error as Error).message}`);
  }
}

async function withdrawn(here: CommandsHere, progress: (line: string) => void): Promise<void> {
  try {
    await here.withdraw();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    progress((error as Error).message);
  }
}

/** @returns whether it was signed; where it was not, the reason is said, and people sign it */
async function saidEvidence(
  that: string,
  sign: () => Promise<Readonly<Record<string, string>>>,
  progress: (line: string) => void,
): Promise<boolean> {
  try {
    const { evidence = "no" } = await sign();
    progress(`evidence that ${that}: ${evidence}`);
    return !evidence.startsWith("no");
  } catch (error) {
    // Traffic goes back whatever becomes of its papers.
    progress(`evidence that ${that}: no: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
