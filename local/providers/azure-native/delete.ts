import type { DeleteCall } from "../../../plugin-server/provider";
import { isObject } from "../../../plugin-server/values/property";
import type { ResourceType } from "../../cloud/resource-types";
import { UserError } from "../../user-error";
import type { ArmClient } from "./arm/client";
import { waitForEnd } from "./arm/long-operation";
import { ServiceError } from "./arm/service-error";
import type { Task } from "./arm/waiting";
import { type ChangeParts, speakPlainly } from "./change";

const RESOURCE_GROUP = "azure-native:resources:ResourceGroup";
const LOCKS_API_VERSION = "2020-05-01";

/**
 * Deletes by id. What is gone already counts as deleted; what always exists with its parent is set back to its defaults.
 * @throws UserError naming the lock that forbids it
 */
export async function deleteResource(
  task: Task,
  type: ResourceType,
  call: DeleteCall,
  { client, ownership }: ChangeParts,
): Promise<void> {
  const { id } = call;
  const { apiVersion, readBy, existsByDefault } = type;
  client.refuseForeign(id);
  await speakPlainly(task, call.oldInputs, async () => {
    try {
      const begun = await client.send(
        task,
        existsByDefault === undefined
          ? { method: "DELETE", path: id, apiVersion }
          : { method: "PUT", path: id, apiVersion, body: { properties: existsByDefault } },
      );
      const deletes = existsByDefault === undefined;
      await waitForEnd(task, client, begun, { id, apiVersion, readBy, deletes });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.code === "ScopeLocked") throw await locked(task, client, error);
      if (error.status !== 404) throw error;
    }
    await ownership.release(id);
    if (type.token === RESOURCE_GROUP) await ownership.releaseBelow(id);
  });
}

/** The service names the locked scopes; a person needs the lock's name to remove it. */
async function locked(task: Task, client: ArmClient, error: ServiceError): Promise<UserError> {
  const scopes = /locked: (.*?)\. /.exec(error.message)?.[1]?.match(/\/[^']+/g) ?? [];
  const names: string[] = [];
  for (const scope of scopes) {
    const found = await client.find(
      task,
      `${scope}/providers/Microsoft.Authorization/locks`,
      LOCKS_API_VERSION,
    );
    const list = isObject(found?.body) && Array.isArray(found.body.value) ? found.body.value : [];
    for (const lock of list) {
      const { level } = isObject(lock) && isObject(lock.properties) ? lock.properties : {};
      if (isObject(lock)) names.push(`"${String(lock.name)}" (${String(level)}) on ${scope}`);
    }
  }
  const which = names.length === 0 ? "" : `\n  lock: ${names.join("\n  lock: ")}`;
  return new UserError(`cannot ${task.what}: ${error.message}${which}`, {
    mend: "remove the lock first; if the stack declares it, delete the lock's resource in a run of its own",
  });
}
