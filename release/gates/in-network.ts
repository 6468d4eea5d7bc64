import type { StoreKind } from "../../runbooks/release-facts";
import type { SettledJob } from "../data/job";
import { clusterOf, findWork } from "../data/tasks";
import { isJson, type Json, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { type Asking, answer, type Look, looking, nothing, withSides } from "./asking";
import { namespaceOf } from "./cluster-state";
import { compareAll } from "./comparison";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import { type JobLook, JobLooks, type LookCluster } from "./job-look";
import { askPod } from "./pod-question";
import type { CheckGateOf } from "./provider-gate";
import { comparedRows } from "./row-comparison";

type InNetworkGate = CheckGateOf<"inNetwork">;

/** Under which the look before a migration is found again, by a process that did not make it. */
const beforeMigration = "before";

interface Asked {
  readonly gate: InNetworkGate;
  readonly question: string;
  readonly asking: Asking;
  readonly context: GateContext;
  readonly look: Look;
}

/**
 * Read-only questions inside the network. A store is asked by a Job from the suspended CronJob that the stack declares for
 * it, which writes its answer as JSON; a pod by the API server.
 */
export function inNetworkProvider(asking: Asking): GateProvider<InNetworkGate> {
  const looks = new JobLooks();
  return {
    look(gate, context) {
      const { target, question: asked } = gate.check;
      return looking(`${target}: ${asked}`, gate, context, async (look) => {
        const question = withSides(asked, context);
        const all = { gate, question, asking, context, look };
        switch (target) {
          case "pod":
          case "http":
            return judged(await askPod(question, namespaceOf(context), all), all);
          case "postgres":
          case "mongo":
          case "redis":
          case "elasticsearch":
            return askStore(target, looks, all);
          case "sql":
          case "cosmos":
            return nothing(
              question,
              `nothing that the stack declares asks ${target} from inside its network: ${context.facts.system} is on no cluster; ask it by hand and waive the gate`,
            );
        }
      });
    },
  };
}

/** @param answered JSON, or a text */
function judged(answered: unknown, { gate, question }: Asked): Sample {
  const { holds, seen } = compareAll(gate.check.expects, shown(answered));
  return answer(question, holds, seen);
}

/** Rows as contracts name them: `rows` is how many, `0` the first, and a column that of the first. */
function shown(answered: unknown): unknown {
  if (!Array.isArray(answered)) return answered;
  return { ...mapAt(answered[0]), ...answered, rows: answered.length };
}

async function askStore(store: StoreKind, looks: JobLooks, asked: Asked): Promise<Sample> {
  const { gate, question, asking, context, look } = asked;
  const cluster = await asking.surroundings.kubernetes(clusterOf(context.facts), look.signal);
  const task = await findWork(cluster, store, "ask", context.facts);
  const job: JobLook = {
    gate,
    release: asking.view.release,
    task,
    variables: { QUESTION: question },
    context,
    signal: look.signal,
  };
  if (gate.check.comparedWith === "beforeMigration") return compared(cluster, looks, job, asked);
  const answered = answerOf(await looks.look(cluster, job));
  return judged(answered, asked);
}

/** The first look is that before the migration; once one has run, an answer of before must be there. */
async function compared(
  cluster: LookCluster,
  looks: JobLooks,
  job: JobLook,
  { gate, question, asking, context }: Asked,
): Promise<Sample> {
  const migrated = asking.view.migrations().ran.length > 0;
  if (migrated && !(await looks.has(cluster, job, beforeMigration)))
    return nothing(question, "a migration has run, and nobody asked this before it");
  const before = rowsOf(answerOf(await looks.once(cluster, job, beforeMigration)));
  if (!migrated) return answer(question, true, `${before.length} rows before the migration`);
  const after = rowsOf(answerOf(await looks.look(cluster, job)));
  context.remembered.set(gate.name, after);
  const { holds, seen } = comparedRows(before, after, gate.check.expects);
  return answer(question, holds, seen);
}

/** @throws UserError for a Job that failed, or left no answer */
function answerOf({ name, outcome }: SettledJob): unknown {
  if (outcome.as === "failed") throw new UserError(outcome.why, { retriable: true });
  if (outcome.message === undefined)
    throw new UserError(`the Job ${name} ended well and left no answer`, {
      mend: "its image must run the command that the stack declares; the answer goes to /dev/termination-log",
    });
  try {
    return JSON.parse(outcome.message);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(`the Job ${name} left an answer that is no JSON, or longer than 4,096 characters`);
  }
}

function rowsOf(answered: unknown): readonly Json[] {
  if (Array.isArray(answered) && answered.every(isJson)) return answered;
  throw new UserError("the answer is no rows");
}
