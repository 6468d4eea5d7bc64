import type { RunResult } from "../../../release/engine/run";
import { type ReleaseState, stateOf } from "../../../release/engine/state";
import { begin, NeverBegan, type Taken, takeUp } from "../../../release/engine/take-up";
import { LeaseLost } from "../../../release/journal/journal";
import type { VerifiableStore } from "../../../release/journal/verifiable-store";
import type { Plan } from "../../../release/plan/plan";
import type { MemberCompany, MemberPort } from "../../../release/train/member";
import type { TrainMember } from "../../../release/train/train";
import { UserError } from "../../../release/user-error";
import type { CommandContext } from "../../context";
import { loadRelease, loadSystem } from "../load-release";
import { planOf } from "../plan-for";
import { holderName } from "../release-process";
import { noteBegun, scheduledOn, withAnnounced } from "../scheduled";
import { walkRelease } from "../walk-release";

export interface MemberArgs {
  readonly store: VerifiableStore;
  readonly stack: string;
  readonly member: TrainMember;
  /** Id of the train, for the journal of the release. */
  readonly train: string;
  readonly startedBy: string;
  readonly speed: number;
  readonly users: number;
  readonly urgent: boolean;
  progress(line: string): void;
}

/** A release of a train in this process: an ordinary one, with its own lease and journal. */
export function memberProcess(context: CommandContext, args: MemberArgs): MemberPort {
  const { store, member } = args;
  const { system, release } = member;
  const records = async () =>
    (await store.releases(system)).includes(release) ? store.open(system, release).read() : [];
  return {
    async state(): Promise<ReleaseState | undefined> {
      const written = await records();
      return written.length === 0 ? undefined : stateOf(written);
    },
    async walk(company, signal) {
      const written = await records();
      if (written.length > 0) return takeUpMember(context, args, company, signal);
      const plan = await planAgain(context, args);
      if ("why" in plan) return { end: "refused", why: plan.why };
      return beginMember(context, args, plan, company, signal);
    },
  };
}

/** What was read and approved is what is released: a plan that became another one is not begun. */
async function planAgain(
  context: CommandContext,
  { member, stack, store, train }: MemberArgs,
): Promise<Plan | { readonly why: string }> {
  const { system, manifest, types, reason, requestsPerSecond, planDigest } = member;
  const release = await loadRelease(context, { system, stack });
  const planned = planOf(release, manifest, {
    types,
    ...(reason !== undefined && { reason }),
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
  });
  if ("refusals" in planned)
    return { why: planned.refusals.map(({ message, mend }) => `${message} (${mend})`).join("; ") };
  if (planned.plan.digest === planDigest) {
    // Whether it may begin was asked when the train did.
    const announced = withAnnounced(planned, await scheduledOn(store, system), {
      now: new Date(),
      starts: false,
    });
    return "plan" in announced ? announced.plan : planned.plan;
  }
  return {
    why: `its plan is another one now, ${planned.plan.digest}; train ${train} was started with ${planDigest}`,
  };
}

async function beginMember(
  context: CommandContext,
  args: MemberArgs,
  plan: Plan,
  company: MemberCompany,
  signal: AbortSignal,
): Promise<RunResult> {
  const { store, member, startedBy, speed } = args;
  const { system, release } = member;
  const left = await store.lease(system);
  // A process of this train was killed between the lease and the first entry.
  if (left?.release === release) {
    await takeUp(store, system, holderName()).catch((error: unknown) => {
      if (!(error instanceof NeverBegan)) throw error;
    });
  }
  const taken = await begin(store, { release, plan, holder: holderName(), by: startedBy, speed });
  await noteBegun(store, plan, { release, by: startedBy }, args.progress);
  for (const warning of plan.warnings) args.progress(`note: ${warning}`);
  return walkTaken(context, args, taken, company, signal);
}

async function takeUpMember(
  context: CommandContext,
  args: MemberArgs,
  company: MemberCompany,
  signal: AbortSignal,
): Promise<RunResult> {
  const { store, member } = args;
  const { system, release } = member;
  const [lease, state] = [await store.lease(system), stateOf(await store.open(system, release).read())];
  if (state.ended !== undefined && lease?.release !== release) {
    company.stands(state);
    return { end: state.ended.outcome, why: state.ended.why };
  }
  if (lease !== undefined && lease.release !== release) {
    throw new UserError(`${system} is being released by ${lease.release}, and ${release} has not ended`, {
      mend: `npx switchyard release status ${system}`,
    });
  }
  const taken = await takeUp(store, system, holderName());
  args.progress(`release ${release} is taken up (before: ${taken.from})`);
  return walkTaken(context, args, taken, company, signal);
}

async function walkTaken(
  context: CommandContext,
  { store, stack, member, speed, users, urgent, progress }: MemberArgs,
  { lease }: Taken,
  company: MemberCompany,
  signal: AbortSignal,
): Promise<RunResult> {
  try {
    const loaded = await loadSystem(context, { system: member.system, stack });
    return await walkRelease(
      { ...context, signal },
      {
        loaded,
        store,
        lease,
        speed,
        users,
        urgent,
        waits: false,
        company,
        progress,
      },
    );
  } catch (error) {
    // This process goes on with the others and takes it up again, as another one would: it must not be waited for.
    if (!(error instanceof LeaseLost)) await lease.leave().catch(() => undefined);
    throw error;
  }
}
