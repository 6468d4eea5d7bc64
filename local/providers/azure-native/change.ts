import { Cancelled, InitFailed } from "../../../plugin-server/errors";
import type { CreateCall, UpdateCall } from "../../../plugin-server/provider";
import { type PropertyMap, reveal } from "../../../plugin-server/values/property";
import { redact, secretTexts } from "../../../plugin-server/values/secrets";
import { buildArmId, type Json, type ResourceType, toArmBody } from "../../cloud/resource-types";
import { UserError } from "../../user-error";
import type { ArmClient } from "./arm/client";
import { isChanging, waitForEnd } from "./arm/long-operation";
import { ServiceError } from "./arm/service-error";
import type { Task } from "./arm/waiting";
import { withoutInternal } from "./inputs-compare";
import { type Live, markSecrets, readLive } from "./live";
import type { Ownership } from "./ownership";

export interface ChangeParts {
  client: ArmClient;
  ownership: Ownership;
  subscriptionId: string;
}

/**
 * Creates the resource, or takes over the one that a create of the same URN left behind when it was cut off.
 * @throws UserError when something else made it, as Azure's provider does
 * @throws InitFailed when the service took the request and the resource did not become ready
 */
export async function createResource(
  task: Task,
  type: ResourceType,
  call: CreateCall,
  parts: ChangeParts,
): Promise<{ id: string; outputs: PropertyMap }> {
  const { client, ownership } = parts;
  const id = idOf(type, call.inputs, parts.subscriptionId);
  client.refuseForeign(id);
  return speakPlainly(task, call.inputs, async () => {
    if (type.existsByDefault === undefined) await adopt(task, type, id, call.urn, parts);
    await ownership.claim(id, call.urn);
    const outputs = await put(task, type, id, call, client);
    return { id, outputs };
  });
}

export async function updateResource(
  task: Task,
  type: ResourceType,
  call: UpdateCall,
  { client, ownership }: ChangeParts,
): Promise<PropertyMap> {
  client.refuseForeign(call.id);
  return speakPlainly(task, call.inputs, async () => {
    // A resource that was renamed by an alias is updated under its new URN.
    await ownership.claim(call.id, call.urn);
    return put(task, type, call.id, call, client);
  });
}

export function idOf(type: ResourceType, inputs: PropertyMap, subscriptionId: string): string {
  const id = buildArmId(type, reveal(inputs), subscriptionId);
  if (id !== undefined) return id;
  const missing = type.pathInputs.filter((name) => typeof reveal(inputs[name]) !== "string");
  throw new UserError(`${type.token} has no id without ${missing.join(", ")}: ${type.id}`);
}

async function adopt(
  task: Task,
  type: ResourceType,
  id: string,
  urn: string,
  parts: ChangeParts,
): Promise<void> {
  const { client, ownership } = parts;
  const existing = await client.find(task, id, type.apiVersion, type.readBy);
  if (existing === undefined) return;
  if ((await ownership.ownerOf(id)) !== urn) {
    throw new UserError(`${task.what}: cannot create already existing resource '${id}'`, {
      mend: `take it over with: pulumi import ${type.token} NAME ${id} - or choose another name`,
    });
  }
  task.status("it exists from a run that was cut off; going on with it");
  if (!isChanging(existing.body)) return;
  const polled = { id, apiVersion: type.apiVersion, readBy: type.readBy };
  try {
    await waitForEnd(task, client, existing, polled);
  } catch (error) {
    // The earlier attempt failed; the PUT that follows is the next one.
    if (!(error instanceof UserError) || Date.now() >= task.deadline) throw error;
  }
}

/** PUT, wait, read back. What fails after the service took the request leaves a resource that exists. */
async function put(
  task: Task,
  type: ResourceType,
  id: string,
  { inputs }: CreateCall,
  client: ArmClient,
): Promise<PropertyMap> {
  const body = toArmBody(type, withoutInternal(reveal(inputs)) as Json);
  const begun = await client.send(task, { method: "PUT", path: id, apiVersion: type.apiVersion, body });
  try {
    await waitForEnd(task, client, begun, { id, apiVersion: type.apiVersion, readBy: type.readBy });
    const live = await readLive(task, client, type, id);
    if (live === undefined)
      throw new UserError(`${task.what}: it was accepted and is not there\n  resource: ${id}`);
    return markSecrets(type, live.outputs, inputs);
  } catch (error) {
    if (!(error instanceof UserError || error instanceof Cancelled || error instanceof ServiceError))
      throw error;
    throw await partly(task, type, id, inputs, client, error);
  }
}

/** The error for a resource that exists and is not ready; the plain one when it does not exist after all. */
async function partly(
  task: Task,
  type: ResourceType,
  id: string,
  inputs: PropertyMap,
  client: ArmClient,
  error: UserError | Cancelled | ServiceError,
): Promise<Error> {
  const message =
    error instanceof UserError && error.mend !== undefined
      ? `${error.message}\n${error.mend}`
      : error.message;
  const failed = (live?: Live) =>
    new InitFailed(
      id,
      inputs,
      live === undefined ? inputs : markSecrets(type, live.outputs, inputs),
      message,
    );
  if (error instanceof Cancelled) return failed();
  try {
    // The deadline is over by now; one look takes milliseconds.
    const live = await readLive({ ...task, deadline: Date.now() + 5000 }, client, type, id);
    return live === undefined ? error : failed(live);
  } catch (second) {
    if (second instanceof UserError || second instanceof Cancelled || second instanceof ServiceError)
      return failed();
    throw second;
  }
}

/** Runs `work`; a refusal by the service becomes an error for people, without the secrets that it may quote. */
export async function speakPlainly<T>(task: Task, inputs: PropertyMap, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const texts = secretTexts(inputs);
    const words = (text: string) => redact(text, texts);
    if (error instanceof ServiceError) {
      throw new UserError(words(`cannot ${task.what}: ${error.message}`), { mend: mendOf(error) });
    }
    if (error instanceof InitFailed)
      throw new InitFailed(error.id, error.inputs, error.outputs, words(error.message));
    if (error instanceof UserError) throw new UserError(words(error.message), { mend: error.mend });
    throw error;
  }
}

/** What a person can do on the local stack, where the service's own words do not say it. */
function mendOf({ message }: ServiceError): string | undefined {
  if (!/already exists in deleted state/.test(message)) return undefined;
  return "choose another name, or forget what was deleted (after pulumi destroy): npx switchyard cloud reset";
}
