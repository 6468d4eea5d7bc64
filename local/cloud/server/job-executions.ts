import { randomUUID } from "node:crypto";
import { isJson, type Json, nameOf, valuesAt } from "../resource-types";
import { containerFaults } from "../resource-types/rows/container-job-faults";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";
import { runEmulated } from "./emulated-jobs";
import { refuseLockedWrite } from "./locks";
import type { StoredResource } from "./store";
import { notFound } from "./write";

const JOB = "(/subscriptions/.+/providers/Microsoft\\.App/jobs/[^/]+)";
const START = new RegExp(`^${JOB}/start$`, "i");
const READ = new RegExp(`^${JOB}/executions(?:/([^/]+))?$`, "i");
const STOP = new RegExp(`^${JOB}/executions/([^/]+)/stop$`, "i");
/** Of a container of an execution; what else a job's container has cannot be given. */
const TEMPLATE_MEMBERS = ["name", "image", "command", "args", "env", "resources"];
const KEPT = 50;

interface Execution {
  readonly name: string;
  readonly startTime: string;
  readonly endTime: string;
  /** What it ends as; until `endTime` it runs. */
  readonly ends: "Succeeded" | "Failed" | "Stopped";
  readonly code: number;
  /** Its last line. */
  readonly said: string;
  readonly template: Json;
}

/**
 * Executions of a job of Azure Container Apps: start, list, get, stop. The work is done when it is started, and takes
 * twice as long as an operation to be seen as ended.
 *
 * @returns undefined when the path is another
 * @throws ArmError 404 for an unknown job or execution, 400 for a template that Azure would refuse
 */
export async function jobExecutionRequest(
  cloud: Cloud,
  request: { readonly method: string; readonly path: string; readonly body: Json; readonly stuck: boolean },
  base: string,
): Promise<ArmResponse | undefined> {
  const { method, path, body, stuck } = request;
  const read = method === "GET" ? READ.exec(path) : null;
  if (read !== null) return readExecutions(cloud, read[1]!, read[2]);
  const start = method === "POST" ? START.exec(path) : null;
  if (start !== null) return startExecution(cloud, jobAt(cloud, start[1]!), body, stuck, base);
  const stop = method === "POST" ? STOP.exec(path) : null;
  return stop === null ? undefined : stopExecution(cloud, jobAt(cloud, stop[1]!), stop[2]!);
}

function jobAt(cloud: Cloud, id: string): StoredResource {
  const job = cloud.store.get(id);
  if (job === undefined) throw notFound(id);
  return job;
}

function executionsOf({ content }: StoredResource): readonly Execution[] {
  return Array.isArray(content?.executions) ? (content.executions as Execution[]) : [];
}

async function startExecution(
  cloud: Cloud,
  job: StoredResource,
  body: Json,
  stuck: boolean,
  base: string,
): Promise<ArmResponse> {
  refuseLockedWrite(cloud.store, job.id);
  cloud.refuseBusy(job.id);
  const template = templateOf(job, body);
  const [container] = Array.isArray(template.containers) ? (template.containers as Json[]) : [];
  const { code, said, changes } = runEmulated(cloud, job, container ?? {});
  for (const change of changes)
    await cloud.store.put({ ...change, etag: randomUUID(), changedAt: cloud.now() });
  const startedAt = Date.now();
  const execution: Execution = {
    name: `${nameOf(job.id)}-${randomUUID().slice(0, 7)}`,
    startTime: new Date(startedAt).toISOString(),
    endTime: new Date(startedAt + 2 * cloud.settings.operationMillis).toISOString(),
    ends: code === 0 ? "Succeeded" : "Failed",
    code,
    said,
    template,
  };
  await keep(cloud, job, [...executionsOf(job), execution].slice(-KEPT));
  const result = { id: `${job.id}/executions/${execution.name}`, name: execution.name };
  const operation = await cloud.operations.begin({
    kind: "start",
    resourceId: job.id,
    result,
    stuck: stuck || undefined,
  });
  cloud.operations.run(operation);
  return { status: 202, headers: cloud.operations.headers(operation, base) };
}

/** The job's own template, or the one that is given: it takes the whole place of it. */
function templateOf(job: StoredResource, body: Json): Json {
  const own = isJson(job.asked.properties) ? job.asked.properties : {};
  if (Object.keys(body).length === 0) return isJson(own.template) ? own.template : {};
  const unknown = [
    ...Object.keys(body).filter((key) => key !== "containers" && key !== "initContainers"),
    ...valuesAt(body, "containers[*]").flatMap(({ path, value }) =>
      Object.keys(isJson(value) ? value : {})
        .filter((key) => !TEMPLATE_MEMBERS.includes(key))
        .map((key) => `${path}.${key}`),
    ),
  ].map((path) => ({ path, reason: "is not known" }));
  const faults = [
    ...unknown,
    ...containerFaults({
      configuration: own.configuration,
      workloadProfileName: own.workloadProfileName,
      template: body,
    }),
  ];
  if (faults.length === 0) return body;
  throw new ArmError(
    400,
    "InvalidRequestContent",
    `The request content was invalid: ${faults.map(({ path, reason }) => `'${path.replace(/^template\./, "")}' ${reason}`).join("; ")}.`,
    { target: faults[0]!.path.replace(/^template\./, "") },
  );
}

async function keep(cloud: Cloud, job: StoredResource, executions: readonly Execution[]): Promise<void> {
  await cloud.store.put({ ...job, content: { ...job.content, executions: [...executions] } });
}

function readExecutions(cloud: Cloud, jobId: string, name: string | undefined): ArmResponse {
  const job = jobAt(cloud, jobId);
  const newestFirst = [...executionsOf(job)].reverse();
  const rendered = (execution: Execution) => render(job, execution, cloud.now());
  if (name === undefined) return { status: 200, body: { value: newestFirst.map(rendered) } };
  return { status: 200, body: rendered(executionNamed(job, name)) };
}

function executionNamed(job: StoredResource, name: string): Execution {
  const found = executionsOf(job).find((execution) => execution.name === name);
  if (found !== undefined) return found;
  throw new ArmError(404, "JobExecutionNotFound", `The job '${nameOf(job.id)}' has no execution '${name}'.`);
}

async function stopExecution(cloud: Cloud, job: StoredResource, name: string): Promise<ArmResponse> {
  refuseLockedWrite(cloud.store, job.id);
  const execution = executionNamed(job, name);
  const now = cloud.now();
  if (now >= execution.endTime) return { status: 200 };
  const stopped: Execution = { ...execution, ends: "Stopped", endTime: now, said: "stopped" };
  await keep(
    cloud,
    job,
    executionsOf(job).map((each) => (each.name === name ? stopped : each)),
  );
  return { status: 200 };
}

/** `detailedStatus` says what the container ended with; Azure has words of its own there. */
function render(job: StoredResource, execution: Execution, now: string): Json {
  const { name, startTime, endTime, ends, code, said, template } = execution;
  const ended = now >= endTime;
  const [container] = Array.isArray(template.containers) ? (template.containers as Json[]) : [];
  const status = { name: container?.name, code, status: ends, additionalInformation: said };
  return {
    id: `${job.id}/executions/${name}`,
    name,
    type: "Microsoft.App/jobs/executions",
    properties: {
      status: ended ? ends : "Running",
      startTime,
      ...(ended && { endTime }),
      template,
      ...(ended && { detailedStatus: { replicas: [{ name: `${name}-0`, containers: [status] }] } }),
    },
  };
}
