import { storeLabel, workLabel } from "../../runbooks/task-purpose";
import type { FinishedJob } from "../data/job";
import { comparedCounts, reportOf } from "../data/job-report";
import { clusterOf, findTask } from "../data/tasks";
import { mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { Asking, Look } from "./asking";
import type { GateContext } from "./gate-provider";
import type { JobLooks } from "./job-look";
import { countJunit, type TestCounts } from "./junit";
import type { CheckGateOf } from "./provider-gate";

interface Run {
  readonly asking: Asking;
  readonly context: GateContext;
  readonly look: Look;
  readonly looks: JobLooks;
}

/**
 * A test suite as a task of the cluster: a Job from its suspended CronJob. JUnit that it leaves as termination message is
 * counted; a task without one is one test, whose exit code says how it ended. A task that proves a backup is given the
 * one that this release made, and its report must show that everything arrived.
 *
 * @returns the reason when it says nothing
 * @throws UserError when there is no such task, or the cluster does not answer
 */
export async function runSuiteTask(
  gate: CheckGateOf<"suite">,
  task: string,
  { asking, context, look, looks }: Run,
): Promise<TestCounts | string> {
  const cluster = await asking.surroundings.kubernetes(clusterOf(context.facts), look.signal);
  const found = await findTask(cluster, task, {
    ...context,
    ...(context.goesBack && { former: former(context) }),
  });
  const { [workLabel]: work, [storeLabel]: store } = mapAt(found.cronJob, "metadata", "labels");
  const variables = work === "prove" ? backupOf(String(store), asking) : {};
  if (typeof variables === "string") return variables;
  const { name, outcome } = await looks.look(cluster, {
    gate,
    release: asking.view.release,
    task: found,
    variables,
    context,
    signal: look.signal,
  });
  if (outcome.as === "failed") {
    return outcome.taken ? outcome.why : { passed: 0, failed: [outcome.why], skipped: 0 };
  }
  if (work === "prove") return proof({ name, ...outcome });
  return countsOf(outcome.message);
}

function former({ live, liveVersion }: GateContext) {
  return { sides: live, ...(liveVersion !== undefined && { version: liveVersion }) };
}

function backupOf(store: string, { view }: Asking): Record<string, string> | string {
  const made = view.backups().made.filter(({ backup }) => backup.store === store);
  const last = made.at(-1)?.backup;
  return last === undefined
    ? `this release has made no backup of ${store} that could be restored`
    : { BACKUP_NAME: last.recordedAs };
}

/** A report that is missing proves nothing; one whose counts differ is a test that failed. */
function proof(job: FinishedJob): TestCounts {
  const report = reportOf(job);
  try {
    comparedCounts({ name: job.name, report });
  } catch (error) {
    if (!(error instanceof UserError) || report.source === undefined || report.restored === undefined)
      throw error;
    return { passed: 0, failed: [error.message], skipped: 0 };
  }
  return { passed: 1, failed: [], skipped: 0 };
}

function countsOf(message: string | undefined): TestCounts {
  return message?.trimStart().startsWith("<") === true
    ? countJunit(message)
    : { passed: 1, failed: [], skipped: 0 };
}
