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
export function readLive(
  task: Task,
  client: ArmClient,
  type: ResourceType,
  id: string,
): Promise<Live | undefined> {
  return liveBy(type, id, async (path, readBy) => {
    const answer = await client.find(task, path, type.apiVersion, readBy);
    return answer && (answer.body ?? {});
  });
}

/**
 * The same by any client.
 *
 * @param find Body of what an ARM id names; `readBy` is the suffix of a POST that reads it; undefined when nothing is there.
 */
export async function liveBy(
  type: ResourceType,
  id: string,
  find: (path: string, readBy?: string) => Promise<unknown>,
): Promise<Live | undefined> {
  const answer = await find(id, type.readBy);
  if (answer === undefined) return undefined;
  const body: Json = isObject(answer) ? answer : {};
  const outputs = fromArmBody(type, id, body);
  for (const [output, suffix] of Object.entries(type.mergedFrom)) {
    const part = await find(id + suffix);
    const properties = isObject(part) && isObject(part.properties) ? part.properties : {};
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
