import type { InvokeCall } from "../../../plugin-server/provider";
import { isObject, type PropertyMap, reveal } from "../../../plugin-server/values/property";
import { wrapPaths } from "../../../plugin-server/values/secrets";
import { LOCAL_CLIENT_ID, LOCAL_OBJECT_ID, LOCAL_TENANT_ID } from "../../cloud/identity";
import { type Invoke, invokes } from "../../cloud/resource-types";
import { UserError } from "../../user-error";
import type { ArmClient } from "./arm/client";
import type { Task } from "./arm/waiting";
import { speakPlainly } from "./change";

/** @throws UserError for a function that the embedded cloud does not have, naming those it has */
export async function callFunction(
  task: Task,
  client: ArmClient,
  { token, args }: InvokeCall,
  subscriptionId: string,
): Promise<PropertyMap> {
  const known = invokes[token];
  if (known === undefined) {
    throw new UserError(
      `the local cloud does not have the function ${token}; it has ${Object.keys(invokes).join(", ")}`,
    );
  }
  if (known.kind === "clientConfig") {
    return {
      clientId: LOCAL_CLIENT_ID,
      objectId: LOCAL_OBJECT_ID,
      subscriptionId,
      tenantId: LOCAL_TENANT_ID,
    };
  }
  const path = fill(token, known, { subscriptionId, ...reveal(args) });
  const call = { method: "POST", path, apiVersion: known.apiVersion, body: {} } as const;
  const answer = await speakPlainly(task, args, () => client.send(task, call));
  return wrapPaths(isObject(answer.body) ? answer.body : {}, known.secret);
}

function fill(token: string, { path }: Extract<Invoke, { kind: "action" }>, args: PropertyMap): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = args[name];
    if (typeof value === "string" && value !== "" && !value.includes("/")) return value;
    throw new UserError(`${token}: ${name} is ${JSON.stringify(value) ?? "missing"}; it must be a name`);
  });
}
