import type { ReleaseFacts } from "../../runbooks/release-facts";
import { redacted } from "../redacted";
import { type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { ArmWork } from "./arm-work";
import type { DataContext } from "./data-adapter";

const apiVersion = "2025-07-01";
const pauseMilliseconds = 5_000;

/** Variables by which an execution is found again after a crash. */
const marks = { release: "SWITCHYARD_RELEASE", step: "SWITCHYARD_STEP" } as const;

export interface ContainerJobRequest {
  readonly task: string;
  readonly release: string;
  readonly step: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Runs a task of a system that is on no cluster: an execution of a job of Azure Container Apps with manual trigger. One
 * that runs or has succeeded for the same step is taken up.
 *
 * @throws UserError when there is no such job, or its execution fails
 */
export async function runContainerJob(
  arm: ArmWork,
  request: ContainerJobRequest,
  context: DataContext,
): Promise<{ readonly name: string; readonly seconds: number }> {
  const { facts, clock, progress, signal } = context;
  const job = await jobOf(arm, facts, request.task);
  const jobId = String(job.id);
  const earlier = (await executionsOf(arm, jobId)).filter((execution) => isOf(execution, request));
  const taken = earlier.find((execution) => !hasFailed(execution));
  const name = taken === undefined ? await start(arm, job, request) : String(taken.name);
  let said = "";
  for (;;) {
    signal.throwIfAborted();
    const execution = await arm.get(`${jobId}/executions/${name}`, apiVersion);
    if (execution === undefined)
      throw new UserError(`execution ${name} of ${jobId} is gone; how far it came is not known`);
    const status = statusOf(execution);
    if (status === "Succeeded") return { name, seconds: secondsOf(execution) };
    if (hasFailed(execution)) {
      throw new UserError(`task ${request.task}: execution ${name} ended as ${status}${whyOf(execution)}`, {
        mend: `its log: az containerapp job logs show --container ${request.task} --execution ${name} --ids ${jobId}`,
      });
    }
    if (status !== said) progress(`task ${request.task}: execution ${name} is ${status.toLowerCase()}`);
    said = status;
    await clock.sleep(pauseMilliseconds, signal);
  }
}

async function jobOf(arm: ArmWork, { tasks = {}, system }: ReleaseFacts, task: string): Promise<Json> {
  const id = tasks[task];
  const job = id === undefined ? undefined : await arm.get(id, apiVersion);
  if (job !== undefined) return { ...job, id };
  const found = id ?? `its output release names ${Object.keys(tasks).sort().join(", ") || "no task"}`;
  throw new UserError(`the task ${task} of ${system} is declared nowhere: ${found}`, {
    mend: "the stack declares it as a job of Azure Container Apps: switchyard up",
  });
}

async function executionsOf(arm: ArmWork, jobId: string): Promise<readonly Json[]> {
  const page = await arm.get(`${jobId}/executions`, apiVersion);
  return listAt(page, "value").map((item) => mapAt(item));
}

/** An execution's template replaces the job's, so that it is the whole of it with some variables more. */
async function start(
  arm: ArmWork,
  job: Json,
  { release, step, variables }: ContainerJobRequest,
): Promise<string> {
  const given = { ...variables, [marks.release]: release, [marks.step]: step };
  const template = mapAt(job, "properties", "template");
  const containers = listAt(template, "containers").map((item, index) => {
    const { name, image, command, args, resources, env } = mapAt(item);
    if (index > 0) return item;
    const declared = (Array.isArray(env) ? env : []).filter((entry) => !(String(mapAt(entry).name) in given));
    return {
      name,
      image,
      ...(command !== undefined && { command }),
      ...(args !== undefined && { args }),
      ...(resources !== undefined && { resources }),
      env: [...declared, ...Object.entries(given).map(([key, value]) => ({ name: key, value }))],
    };
  });
  const { initContainers } = template;
  const begun = await arm.post(
    `${String(job.id)}/start`,
    { containers, ...(initContainers !== undefined && { initContainers }) },
    apiVersion,
  );
  if (typeof begun.name === "string") return begun.name;
  throw new UserError(`${String(job.id)} was started and gave its execution no name`, { retriable: true });
}

function isOf(execution: Json, { release, step }: ContainerJobRequest): boolean {
  const variables = listAt(mapAt(listAt(execution, "properties", "template", "containers")[0]), "env").map(
    (entry) => mapAt(entry),
  );
  const has = (name: string, value: string) =>
    variables.some((variable) => variable.name === name && variable.value === value);
  return has(marks.release, release) && has(marks.step, step);
}

function statusOf(execution: Json): string {
  return String(mapAt(execution, "properties").status ?? "Unknown");
}

/** What the service says of the containers of an execution that has ended, passwords and keys taken out. */
function whyOf(execution: Json): string {
  const said = listAt(execution, "properties", "detailedStatus", "replicas").flatMap((replica) =>
    listAt(replica, "containers").flatMap((container) => {
      const { code, additionalInformation: text } = mapAt(container);
      return typeof text === "string" && text !== "" ? [`exit code ${String(code)}: ${redacted(text)}`] : [];
    }),
  );
  return said.length === 0 ? "" : `, ${said.join("; ")}`;
}

function hasFailed(execution: Json): boolean {
  return ["Failed", "Stopped", "Degraded"].includes(statusOf(execution));
}

function secondsOf(execution: Json): number {
  const { startTime, endTime } = mapAt(execution, "properties");
  return Math.max(0, (Date.parse(String(endTime)) - Date.parse(String(startTime))) / 1000 || 0);
}
