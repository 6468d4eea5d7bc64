import { storeTag, workTag } from "../../runbooks/task-purpose";
import { bearer } from "../clients/bearer";
import type { ArmWork } from "../data/arm-work";
import { runContainerJob } from "../data/container-job";
import { isJson, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { type Asking, askJson, type Look } from "./asking";
import type { GateContext } from "./gate-provider";

const apiVersion = "2025-07-01";
/** What containers write comes to the workspace some minutes later. */
const pauseMilliseconds = 10_000;
/** Pauses in which nothing more has come of what is no JSON: then nothing more will. */
const pausesOfTheWhole = 3;

export interface SqlQuestion {
  readonly arm: ArmWork;
  readonly asking: Asking;
  readonly context: GateContext;
  readonly look: Look;
  /** Under which an execution is found again. */
  readonly step: string;
}

/**
 * Asks Azure SQL from inside its network: an execution of the job of Azure Container Apps that the stack declares for
 * questions, whose answer is what its container wrote. The workspace has that log; the embedded cloud keeps the last line
 * with the execution.
 *
 * @returns JSON
 * @throws UserError when there is no such job, its execution fails, or it left no answer
 */
export async function askSql(question: string, asked: SqlQuestion): Promise<unknown> {
  const { arm, asking, context, look, step } = asked;
  const { task, id } = await taskOf(arm, context);
  const { release } = asking.view;
  const { name } = await runContainerJob(
    arm,
    { task, release, step, variables: { QUESTION: question } },
    { ...context, release, progress: () => {}, signal: look.signal },
  );
  const text =
    asking.surroundings.environment === "dev" ? await lastLineOf(arm, id, name) : await logOf(name, asked);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(`execution ${name} of the task ${task} left an answer that is no JSON`);
  }
}

async function taskOf(
  arm: ArmWork,
  { facts }: GateContext,
): Promise<{ readonly task: string; readonly id: string }> {
  for (const [task, id] of Object.entries(facts.tasks ?? {})) {
    const { [storeTag]: store, [workTag]: work } = mapAt(await arm.get(id, apiVersion), "tags");
    if (store === "sql" && work === "ask") return { task, id };
  }
  throw new UserError(`the stack declares no task that asks the database of ${facts.system}`, {
    mend: "it is a job of Azure Container Apps: npx switchyard up",
  });
}

async function lastLineOf(arm: ArmWork, jobId: string, execution: string): Promise<string> {
  const found = await arm.get(`${jobId}/executions/${execution}`, apiVersion);
  const [replica] = listAt(found, "properties", "detailedStatus", "replicas");
  const { additionalInformation: text } = mapAt(listAt(replica, "containers")[0]);
  if (typeof text === "string") return text;
  throw new UserError(`execution ${execution} tells nothing of what its container wrote`);
}

/**
 * Waits for the log until the gate's time is over. A list of rows comes in several lines that belong together, and need not
 * come at once: a part of them is no JSON, and an empty line no answer, since the task writes `[]` of no row.
 */
async function logOf(execution: string, { asking, context, look }: SqlQuestion): Promise<string> {
  const { workspace } = context.facts;
  if (workspace === undefined)
    throw new UserError("the stack's output release names no workspace, so that the answer cannot be read", {
      mend: "npx switchyard up",
    });
  const token = look.hide(await bearer(asking.surroundings, "logs"));
  const query = [
    "ContainerAppConsoleLogs",
    `| where ContainerGroupName startswith "${execution}" and Stream == "stdout"`,
    "| order by TimeGenerated asc",
    "| project Log",
  ].join("\n");
  let before = "";
  for (let unchanged = 0; ; ) {
    const body = await askJson(
      asking.surroundings,
      {
        method: "POST",
        url: new URL(`https://api.loganalytics.io/v1/workspaces/${workspace.customerId}/query`),
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ query, timespan: "P1D" }),
        signal: look.signal,
      },
      { who: "Log Analytics", right: "whoever runs the release needs Log Analytics Reader on the workspace" },
    );
    const text = textOf(body);
    unchanged = text === before ? unchanged + 1 : 0;
    before = text;
    if (isWhole(text) || (text !== "" && unchanged >= pausesOfTheWhole)) return text;
    await context.clock.sleep(pauseMilliseconds, look.signal);
  }
}

/** @throws UserError for a part of an answer, which would lack lines, and for no answer */
function textOf(body: unknown): string {
  const { code } = mapAt(body, "error");
  if (code !== undefined)
    throw new UserError(`Log Analytics gave a part of the answer only: ${String(code)}`, { retriable: true });
  const [table] = listAt(body, "tables");
  if (!isJson(table) || !Array.isArray(table.rows)) throw new UserError("Log Analytics gave no table");
  return table.rows
    .map((row: unknown) => String((row as unknown[])[0]))
    .join("")
    .trim();
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
