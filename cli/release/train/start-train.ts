import { UserError } from "../../../local/user-error";
import { systemClock } from "../../../release/engine/system-clock";
import { journalFormat } from "../../../release/journal/entry";
import type { Command, HeldLease } from "../../../release/journal/journal";
import type { VerifiableStore } from "../../../release/journal/verifiable-store";
import { durationWords } from "../../../release/plan/words";
import { runTrain, type TrainParts } from "../../../release/train/run-train";
import { timetableOf } from "../../../release/train/timetable";
import { type PlannedMember, type Train, trainDigest, trainsName } from "../../../release/train/train";
import { trainStateOf } from "../../../release/train/train-state";
import { UserError as StoreError } from "../../../release/user-error";
import type { CommandContext } from "../../context";
import { actorOf } from "../../records/actor";
import { isLocalStack } from "../../stack-files";
import { conclude } from "../conclude";
import { journalStoreOf } from "../journal-store";
import { type CommandReader, commandReader } from "../next-command";
import { refuse } from "../plan-for";
import type { WithManifest } from "../planning-options";
import { progressLines } from "../progress-lines";
import { releaseId, stampedId } from "../release-id";
import { holderName } from "../release-process";
import { type RunningOptions, requireRehearsalOnDev, type StartOptions } from "../start";
import { withUsersNeeded } from "../users-needed";
import {
  announcedMembers,
  deployFirstVersions,
  loadTrain,
  type PlannedRelease,
  planTrain,
} from "./load-train";
import { memberProcess } from "./member-process";
import { trainId } from "./train-journal";

/** Plans releases of several systems and walks them in the order of what needs what. */
export async function startTrain(
  context: CommandContext,
  systems: readonly string[],
  options: WithManifest<StartOptions>,
): Promise<void> {
  const { stack, speed = 1, users } = options;
  requireRehearsalOnDev(stack, speed);
  await deployFirstVersions(context, systems, options);
  const requestsPerSecond = options.requestsPerSecond ?? (users > 0 ? users / speed : undefined);
  const known = { ...options, ...(requestsPerSecond !== undefined && { requestsPerSecond }) };
  const loaded = await loadTrain(context, systems, options);
  const members = (await announcedMembers(context, stack, planTrain(loaded, known, speed), true)).map(
    (member) => ({ ...member, planned: withUsersNeeded(member.planned, options, speed) }),
  );
  const planned = requirePlans(context, members);
  const digest = trainDigest(planned);
  if (options.plan !== undefined && !digest.startsWith(options.plan)) {
    throw new UserError(`The train is another one now: ${digest}; received --plan ${options.plan}.`, {
      mend: `Read it again: npx switchyard release plan ${systems.join(" ")} --to ${options.to}.`,
    });
  }
  const now = new Date();
  const train: Train = {
    digest,
    environment: planned[0]!.plan.environment,
    members: planned.map(({ plan, after, choices: { types, reason } }) => ({
      system: plan.system,
      release: releaseId(plan.manifest, now),
      after,
      manifest: plan.manifest,
      types,
      ...(reason !== undefined && { reason }),
      ...(requestsPerSecond !== undefined && { requestsPerSecond }),
      planDigest: plan.digest,
    })),
  };
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  await requireFree(store, train);
  const id = trainId(stampedId(now));
  const by = actorOf(process.env).name;
  const lease = await store.acquire(trainsName, id, holderName());
  try {
    await store.open(trainsName, id, lease).append({
      kind: "started",
      format: journalFormat,
      release: id,
      by,
      ...(options.reason !== undefined && { reason: options.reason }),
      ...(speed !== 1 && { speed }),
      plan: JSON.parse(JSON.stringify(train)),
    });
  } catch (error) {
    await lease.giveBack().catch(() => undefined);
    throw error;
  }
  const lines = progressLines(context);
  const { totalSeconds } = timetableOf(planned);
  lines(
    `train ${id}: ${systems.length} releases on ${stack}, planned ${durationWords(Math.round(totalSeconds / speed))}, by ${by}`,
  );
  for (const { system, after, manifest, release } of train.members) {
    const behind = after.length === 0 ? "" : `, after ${after.join(" and ")}`;
    lines(`  ${system} ${manifest.version}${behind}, release ${release}`);
  }
  await walkTrain(context, { store, lease, options, speed, lines });
}

/** Takes up the train that no process runs any more, with all of its releases. */
export async function resumeTrain(
  context: CommandContext,
  options: RunningOptions & { readonly stack: string },
): Promise<void> {
  const { stack } = options;
  requireRehearsalOnDev(stack, options.speed ?? 1);
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const before = await store.lease(trainsName);
  const lease = await store.takeOver(trainsName, holderName());
  const journal = store.open(trainsName, lease.release, lease);
  const records = await journal.read();
  if (records.length === 0) {
    await lease.giveBack();
    throw new UserError(`Train ${lease.release} had not begun when its process ended: nothing was done.`, {
      mend: "Start it again: npx switchyard release start SYSTEM SYSTEM --to FILE.",
    });
  }
  const from = before?.holder ?? "nobody";
  await journal.append({ kind: "takenOver", by: lease.holder, epoch: lease.epoch, from });
  const lines = progressLines(context);
  lines(`train ${lease.release} is taken up (before: ${from})`);
  const speed = options.speed ?? trainStateOf(records).speed;
  await walkTrain(context, { store, lease, options, speed, lines });
}

interface WalkArgs {
  readonly store: VerifiableStore;
  readonly lease: HeldLease;
  readonly options: RunningOptions & { readonly stack: string };
  readonly speed: number;
  readonly lines: (line: string) => void;
}

async function walkTrain(
  context: CommandContext,
  { store, lease, options, speed, lines }: WalkArgs,
): Promise<void> {
  const { stack, users, wait, urgent = false } = options;
  const id = lease.release;
  const journal = store.open(trainsName, id, lease);
  const state = trainStateOf(await journal.read());
  const clock = systemClock(speed);
  const reader: CommandReader = commandReader(store, trainsName, id, {
    clock,
    near: isLocalStack(stack),
    say: lines,
  });
  const parts: TrainParts = {
    clock,
    journal,
    lease,
    members: new Map(
      state.train.members.map((member) => [
        member.system,
        memberProcess(context, {
          store,
          stack,
          member,
          train: id,
          startedBy: state.startedBy,
          speed,
          users,
          urgent,
          progress: (line) => lines(`${member.system}: ${line}`),
        }),
      ]),
    ),
    given: (known): Promise<readonly Command[]> => store.commands(trainsName, id, known),
    nextCommand: reader,
    progress: lines,
    waits: wait,
  };
  const result = await runTrain(parts, context.signal);
  conclude(context, {
    what: `train ${id}`,
    name: "train",
    stack,
    systems: state.train.members.map(({ system }) => system),
    wanted: urgent ? "back" : "live",
    result,
  });
}

/** @throws Refused when one of the releases cannot be planned: then none begins */
export function requirePlans(
  context: CommandContext,
  members: readonly PlannedRelease[],
): readonly (PlannedRelease & PlannedMember)[] {
  const refused = members.flatMap(({ system, planned }) =>
    "refusals" in planned ? [{ system, ...planned }] : [],
  );
  const [first, ...others] = refused;
  for (const { system, refusals } of others) {
    context.say(`${system}:`);
    for (const { kind, message, mend } of refusals) context.say(`${kind}: ${message}\n  ${mend}`);
  }
  if (first !== undefined) {
    context.say(`${first.system}:`);
    return refuse(context, refused.map(({ system }) => system).join(" and "), first.refusals, "text");
  }
  return members.flatMap((member) =>
    "plan" in member.planned ? [{ ...member, plan: member.planned.plan }] : [],
  );
}

/** Before the first one moves, none of the others is under way. */
async function requireFree(store: VerifiableStore, { members }: Train): Promise<void> {
  for (const { system } of members) {
    const lease = await store.lease(system);
    if (lease === undefined) continue;
    throw new StoreError(
      `${system} is being released: release ${lease.release}, held by ${lease.holder}, lease until ${lease.expiresAt}`,
      { mend: `Let it end, or take it up: npx switchyard release status ${system}.` },
    );
  }
}
