import { Command } from "commander";
import { markMended, unmendedDamage } from "../../local/cloud/damage";
import { requireDatabaseRoom } from "../../local/cluster/start-failure";
import { UserError } from "../../local/user-error";
import type { EngineEvent } from "../../reports/engine-event";
import { conflictExplanation } from "../../reports/field-conflict";
import { buildReport } from "../../reports/from-events";
import type { Report } from "../../reports/model";
import { renderSums, renderText } from "../../reports/text";
import { approvedDigest, requireApproved } from "../approved-changes";
import type { CommandContext } from "../context";
import { requireRoomForState } from "../engine/checkpoint";
import { discardCutOffUpdate, updateLocal } from "../engine/first-update";
import type { LocalKubernetes } from "../engine/kubernetes";
import { prepareLocalStack } from "../engine/local-stack";
import { oneAtATime } from "../engine/one-at-a-time";
import { runOperation } from "../engine/operation";
import { requireReadyCluster } from "../engine/own-cluster";
import { packRules } from "../engine/pack-rules";
import { recoverLocalStack } from "../engine/recovery";
import { type EngineSession, prepareEngine, runInSession } from "../engine/session";
import { runInTerminal } from "../engine/terminal-run";
import { withEvidence } from "../evidence/evidence-of-stack";
import { endingNotices, exemptedNotices } from "../exemption-notices";
import { Refused } from "../exit";
import { nextStepLines, nextSteps } from "../next-steps";
import { type Outcome, RecordKeeper } from "../records/record-keeper";
import { isLocalStack, localStack } from "../stack-files";
import { requireUsableSettings } from "../stack-settings";

interface UpOptions {
  readonly stack: string;
  readonly yes: boolean;
  readonly approved?: string;
}

/** `switchyard up`: everything that is needed on this machine, then `pulumi up` with the policy pack. */
export function upCommand(context: CommandContext): Command {
  return new Command("up")
    .description("bring a stack up with the policy pack; dev runs on the embedded local cloud")
    .option("-s, --stack <stack>", "stack to bring up", localStack)
    .option("-y, --yes", "staging and production: do not ask before changing anything", false)
    .option(
      "--approved <digest>",
      "staging and production: change nothing unless a preview now has this digest (preview --changes-digest)",
      approvedDigest,
    )
    .action(async (options: UpOptions) => {
      if (options.approved !== undefined) refuseApprovalOnDev(options.stack);
      requireUsableSettings(context.workspace, options.stack);
      await (isLocalStack(options.stack) ? upLocal(context) : upRemote(context, options));
    });
}

function refuseApprovalOnDev(stack: string): void {
  if (!isLocalStack(stack)) return;
  throw new UserError(`${stack} is brought up without a preview before it, so that none can be approved.`, {
    mend: "Leave --approved out.",
  });
}

async function upLocal(context: CommandContext): Promise<void> {
  await requireRoomForState(context.workspace);
  const release = await oneAtATime(context);
  try {
    const record = await RecordKeeper.open({ ...context, stack: localStack, user: process.env });
    for (const line of await discardCutOffUpdate(context.workspace)) context.say(line);
    const { session, cloud, kubernetes } = await prepareLocalStack({ ...context, programOf: localStack });
    await requireReadyCluster(context.workspace, kubernetes);
    for (const line of await recoverLocalStack(session, localStack)) context.say(line);
    const damage = unmendedDamage(context.workspace.stateDir);
    if (damage.length > 0) await refreshAfterDamage(session, context);
    const report = await recordedUpdate(record, context, (onEvents) =>
      updateLocal(session, kubernetes, (saving) =>
        runOperation(saving, {
          stack: localStack,
          command: "up",
          progress: context.progress,
          title: `pulumi up on ${localStack}`,
          // The embedded cloud is rebuilt in seconds; a preview first would double the time of every start.
          flags: ["--yes", "--skip-preview"],
          onEvents,
        }),
      ),
    );
    if (!report.succeeded) {
      context.say(renderText(report));
      context.signal.throwIfAborted();
      // A disk that ran full on the way is the reason of whatever failed.
      await requireRoomForState(context.workspace);
      if (kubernetes?.cluster) requireDatabaseRoom(report.errors.map(({ message }) => message));
      throw new Refused(`error: dev was not brought up; the engine's whole output is in ${session.logFile}`);
    }
    markMended(damage);
    for (const warning of report.warnings) context.say(`warning: ${warning.message}`);
    for (const notice of [...exemptedNotices(report), ...endingNotices(report, process.env)])
      context.say(notice);
    context.out(renderSums(report));
    context.out(
      [
        `running: local cloud at ${cloud.url} (process ${cloud.pid}), state in ${context.workspace.stateDir}`,
        ...(kubernetes ? [clusterLine(kubernetes)] : []),
        "",
        "next:",
        ...nextStepLines(nextSteps(context.workspace)),
        "",
      ].join("\n"),
    );
  } finally {
    await release();
  }
}

function clusterLine({ cluster, exports }: LocalKubernetes): string {
  return cluster
    ? `         cluster at ${cluster.server} (process ${cluster.pid}); kubectl finds it through switchyard env`
    : `         your own cluster, by ${exports.KUBECONFIG}`;
}

/** The engine counts what a damaged state file held as there still; a run of its own, as reports count one operation. */
async function refreshAfterDamage(session: EngineSession, context: CommandContext): Promise<void> {
  const argv = ["refresh", "--stack", localStack, "--yes", "--skip-preview", "--non-interactive"];
  const result = await context.progress.step("looking for what the local cloud lost", () =>
    runInSession(session, argv),
  );
  context.signal.throwIfAborted();
  if (result.exitCode !== 0)
    throw new Refused(
      `error: dev could not be refreshed; the engine's whole output is in ${session.logFile}`,
    );
}

async function upRemote(context: CommandContext, { stack, yes, approved }: UpOptions): Promise<void> {
  if (!yes && !process.stdin.isTTY) {
    throw new UserError(`Changing ${stack} asks for a confirmation, and there is no terminal to ask at.`, {
      mend: `Look at npx switchyard preview --stack ${stack} first, then add --yes.`,
    });
  }
  const record = await RecordKeeper.open({ ...context, stack, user: process.env });
  const user = await withEvidence({ ...context, stack, user: process.env });
  const session = await prepareEngine({ ...context, user, mode: { kind: "remote" } });
  if (approved !== undefined) {
    const { progress } = context;
    const title = `pulumi preview of ${stack}`;
    requireApproved(await runOperation(session, { stack, command: "preview", progress, title }), approved);
  }
  await record.begin();
  const { exitCode, events } = await runInTerminal(session, [
    "up",
    "--stack",
    stack,
    "--policy-pack",
    context.workspace.policyPack,
    ...(yes ? ["--yes"] : []),
  ]);
  const { policies, errors } = buildReport({
    subject: { kind: "up", stack, offline: false },
    events,
    exitCode,
    rules: await packRules(),
  });
  const outcome = { result: resultOf(exitCode === 0, context), events, policies };
  const name = await record.end(outcome);
  context.say(`record: ${name}`);
  await closeCutOff(record, outcome, context);
  // Pulumi has shown its own words at the terminal.
  for (const explanation of new Set(errors.map(({ message }) => conflictExplanation(message)))) {
    if (explanation !== undefined) context.say(explanation);
  }
  if (exitCode !== 0) throw new Refused(`error: ${stack} was not brought up (pulumi exit code ${exitCode})`);
}

/** Leaves a record of an update, also of one that could not even be run to its end. */
async function recordedUpdate(
  record: RecordKeeper,
  context: CommandContext,
  update: (onEvents: (events: readonly EngineEvent[]) => void) => Promise<Report>,
): Promise<Report> {
  let events: readonly EngineEvent[] = [];
  const keep = (report?: Report) =>
    record.end({
      result: resultOf(report?.succeeded ?? false, context),
      events,
      policies: report?.policies ?? [],
    });
  /** Why the update failed is worth more than why its record did, and often the same: a full disk. */
  const keepAfterFailure = async (report?: Report) => {
    try {
      await keep(report);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      context.say(`error: ${error.message}`);
    }
  };
  let report: Report;
  try {
    report = await update((all) => {
      events = all;
    });
  } catch (error) {
    await keepAfterFailure();
    throw error;
  }
  if (report.succeeded) await keep(report);
  else await keepAfterFailure(report);
  return report;
}

/** What this update was, and its own record, stand: that others' could not be closed is for the next one to mend. */
async function closeCutOff(record: RecordKeeper, outcome: Outcome, context: CommandContext): Promise<void> {
  try {
    for (const line of await record.closeCutOff(outcome)) context.say(line);
  } catch (error) {
    if (!(error instanceof Error && error.name === "UserError")) throw error;
    context.say(`warning: the record of an update that was cut off could not be ended: ${error.message}`);
  }
}

function resultOf(succeeded: boolean, { signal }: CommandContext): Outcome["result"] {
  return succeeded ? "succeeded" : signal.aborted ? "interrupted" : "failed";
}
