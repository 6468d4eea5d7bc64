import { isObject, type PropertyMap } from "../../../plugin-server/values/property";
import { secretTexts, wrapLike, wrapPaths, wrapTexts } from "../../../plugin-server/values/secrets";
import { fromArmBody, type Json, type ResourceType } from "../../cloud/resource-types";
import type { ArmClient } from "./arm/client";
import type { Task } from "./arm/waiting";

export interface Live {
  /** As the service writes it. */
  id: string;
  body: Json;
  /** SDK-shaped, plain. */
  outputs: PropertyMap;
}

/** A resource as it is now, with what the service keeps elsewhere merged in; undefined when it is gone. */
export async function readLive(
  task: Task,
  client: ArmClient,
  type: ResourceType,
  id: string,
): Promise<Live | undefined> {
  const answer = await client.find(task, id, type.apiVersion, type.readBy);
  if (answer === undefined) return undefined;
  const body = isObject(answer.body) ? answer.body : {};
  const outputs = fromArmBody(type, id, body);
  for (const [output, suffix] of Object.entries(type.mergedFrom)) {
    const part = await client.find(task, id + suffix, type.apiVersion);
    const properties = isObject(part?.body) && isObject(part.body.properties) ? part.body.properties : {};
    const own = outputs[output];
    outputs[output] = { ...(isObject(own) ? own : {}), ...properties };
  }
  return { id: typeof body.id === "string" ? body.id : id, body, outputs };
}

/** Outputs with every secret marked: what the inputs mark, what holds the same text, and what the table says is one. */
export function markSecrets(type: ResourceType, outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  const like = wrapLike(outputs, inputs) as PropertyMap;
  const listed = wrapPaths(like, [...type.secret.outputs, ...type.secret.inputs]);
  return wrapTexts(listed, secretTexts(inputs)) as PropertyMap;
}
