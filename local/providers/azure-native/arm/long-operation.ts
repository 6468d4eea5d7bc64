import { isObject } from "../../../../plugin-server/values/property";
import { UserError } from "../../../user-error";
import { type ArmClient, OutOfTime } from "./client";
import type { HttpAnswer } from "./http";
import { explain } from "./service-error";
import { askedPause, pause, type Task } from "./waiting";

const OPERATION_ENDED = new Set(["succeeded", "failed", "canceled"]);
/** A resource's own states are many and differ by service; these are the ones that pass. */
const RESOURCE_CHANGING = new Set([
  "accepted",
  "creating",
  "updating",
  "deleting",
  "provisioning",
  "inprogress",
  "running",
]);
const FAILED = new Set(["failed", "canceled"]);
const SHORTEST_PAUSE_MILLISECONDS = 10;
const FIRST_PAUSE_MILLISECONDS = 50;
const LONGEST_PAUSE_MILLISECONDS = 2000;

export interface Polled {
  id: string;
  apiVersion: string;
  readBy: string | undefined;
  /** A deletion ends when the resource is gone. */
  deletes?: boolean;
}

/** The name by which Azure's support would ask for the operation: the last part of its URL. */
function nameOfOperation(link: string): string {
  return new URL(link).pathname.split("/").at(-1)!;
}

function operationState(body: unknown): string {
  return isObject(body) && typeof body.status === "string" ? body.status : "Succeeded";
}

function resourceState(body: unknown): string {
  const properties = isObject(body) && isObject(body.properties) ? body.properties : {};
  return typeof properties.provisioningState === "string" ? properties.provisioningState : "Succeeded";
}

/** Whether a resource is still being created, changed or deleted by an earlier request. */
export function isChanging(body: unknown): boolean {
  return RESOURCE_CHANGING.has(resourceState(body).toLowerCase());
}

/**
 * Waits for what a PUT or DELETE began: by its operation's URL, by its result's, or by the resource's own state.
 * @throws UserError with the operation's name and id when it failed or did not end in time
 * @throws Cancelled when the engine stops waiting
 */
export async function waitForEnd(
  task: Task,
  client: ArmClient,
  begun: HttpAnswer,
  polled: Polled,
): Promise<void> {
  const status = begun.headers["azure-asyncoperation"];
  const result = status === undefined && begun.status === 202 ? begun.headers.location : undefined;
  const link = status ?? result;
  if (link === undefined && (polled.deletes || !isChanging(begun.body))) {
    refuseFailed(task, resourceState(begun.body), begun.body, undefined);
    return;
  }
  const name = link === undefined ? undefined : nameOfOperation(link);
  let wait = askedPause(begun.headers) ?? FIRST_PAUSE_MILLISECONDS;
  let backOff = FIRST_PAUSE_MILLISECONDS;
  for (;;) {
    if (Date.now() + wait > task.deadline) throw stuck(task, polled.id, name);
    await pause(task, Math.max(wait, SHORTEST_PAUSE_MILLISECONDS));
    const answer = await look(task, client, polled, link, name);
    if (result !== undefined && answer.status !== 202) return;
    const state = link === undefined ? resourceState(answer.body) : operationState(answer.body);
    const ended = link === undefined ? !isChanging(answer.body) : OPERATION_ENDED.has(state.toLowerCase());
    if (result === undefined && ended) {
      refuseFailed(task, state, answer.body, name);
      return;
    }
    backOff = Math.min(LONGEST_PAUSE_MILLISECONDS, backOff * 2);
    wait = askedPause(answer.headers) ?? backOff;
  }
}

async function look(
  task: Task,
  client: ArmClient,
  polled: Polled,
  link: string | undefined,
  name: string | undefined,
): Promise<HttpAnswer> {
  try {
    return link === undefined ? await readAgain(task, client, polled) : await client.follow(task, link);
  } catch (error) {
    if (error instanceof OutOfTime) throw stuck(task, polled.id, name);
    throw error;
  }
}

async function readAgain(
  task: Task,
  client: ArmClient,
  { id, apiVersion, readBy }: Polled,
): Promise<HttpAnswer> {
  const found = await client.find(task, id, apiVersion, readBy);
  if (found === undefined) throw new UserError(`${task.what}: the resource vanished while it was waited for`);
  return found;
}

function refuseFailed(task: Task, state: string, body: unknown, name: string | undefined): void {
  if (!FAILED.has(state.toLowerCase())) return;
  const { code, text } = explain(isObject(body) && body.error !== undefined ? body : {});
  const operation = name === undefined ? "it" : `operation ${name}`;
  const why = [code, text].filter((word) => word !== "").join(": ");
  throw new UserError(`${task.what}: ${operation} ended as ${state}${why === "" ? "" : `: ${why}`}`);
}

function stuck(task: Task, id: string, name: string | undefined): UserError {
  return new UserError(
    `${task.what}: gave up after ${task.timeoutSeconds} s; ` +
      (name === undefined ? "the resource is still being changed" : `operation ${name} has not ended`) +
      `\n  resource: ${id}`,
    { mend: "set customTimeouts if it needs longer; otherwise see: npx switchyard cloud status" },
  );
}
