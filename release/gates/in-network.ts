import type { StoreKind } from "../../runbooks/release-facts";
import { type ArmWork, armWork } from "../data/arm-work";
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
import { askSql } from "./sql-question";

type InNetworkGate = CheckGateOf<"inNetwork">;

/** Under which the look before a migration is found again, by a process that did not make it. */
const beforeMigration = "before";
/** Stands in an expectation for the last migration of the candidate. */
const lastMigration = "{migration}";

interface Asked {
  readonly gate: InNetworkGate;
  readonly question: string;
  readonly asking: Asking;
  readonly context: GateContext;
  readonly look: Look;
}

/**
 * Read-only questions inside the network. A store is asked by a Job from the suspended CronJob that the stack declares for
 * it, which writes its answer as JSON; a database of a system on no cluster by a job of Azure Container Apps; a pod by the API
 * server.
 */
export function inNetworkProvider(asking: Asking, arm: ArmOf = armOf(asking)): GateProvider<InNetworkGate> {
  const looks = new JobLooks();
  /** Answers that this process has told, by gate: the next look is another execution. */
  const told = new Map<string, number>();
  const askSqlOnce = async (asked: Asked): Promise<unknown> => {
    const { gate, question, context, look } = asked;
    const key = `${gate.name} ${context.phaseBegan.toISOString()}`;
    const number = told.get(key) ?? 0;
    const answered = await askSql(question, {
      arm: arm(context, look.signal),
      asking,
      context,
      look,
      step: `look ${key} ${number}`,
    });
    told.set(key, number + 1);
    return answered;
  };
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
            return judged(await askSqlOnce(all), all);
          case "cosmos":
            return nothing(question, "nothing that a stack declares asks Cosmos DB from inside its network");
        }
      });
    },
  };
}

type ArmOf = (context: GateContext, signal: AbortSignal) => ArmWork;

function armOf({ surroundings }: Asking): ArmOf {
  return ({ clock }, signal) => {
    const { login, stateDir } = surroundings.outside;
    return armWork({ login, stateDir, clock, signal });
  };
}

/** @param answered JSON, or a text */
function judged(answered: unknown, { gate, question, context }: Asked): Sample {
  const last = context.manifest.migration?.names.at(-1);
  const expects = gate.check.expects.map((expected) =>
    expected.value === lastMigration ? { ...expected, value: last } : expected,
  );
  if (last === undefined && gate.check.expects.some(({ value }) => value === lastMigration))
    return nothing(question, "the manifest names no migration that could be looked for");
  const { holds, seen } = compareAll(expects, shown(answered));
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
