import type { Context, Provider } from "../../../plugin-server/provider";
import { isObject, reveal } from "../../../plugin-server/values/property";
import { LOCAL_SUBSCRIPTION_ID } from "../../cloud/identity";
import { byToken, type ResourceType, resourceTypes } from "../../cloud/resource-types";
import { UserError } from "../../user-error";
import { STAND_IN_VERSIONS } from "../versions";
import { ArmClient } from "./arm/client";
import type { FindEndpoint } from "./arm/endpoint";
import { type ChangeParts, createResource, updateResource } from "./change";
import { checkInputs } from "./check";
import { deleteResource } from "./delete";
import { diffInputs } from "./diff";
import { callFunction } from "./invoke";
import { Ownership } from "./ownership";
import { readResource } from "./read";
import { packageSchema } from "./schema";
import { configFailures, type Settings, settingsOf } from "./settings";
import { previewOutputs, previewUpdate } from "./shapes";
import { taskOf } from "./task";

export interface AzureNativeOptions {
  findEndpoint: FindEndpoint;
  /** Where the records of what was created are kept. */
  stateDir: string | undefined;
}

const GROUP_TOKEN = "azure-native:resources:ResourceGroup";

function typeOf(token: string): ResourceType {
  const found = byToken(token);
  if (found !== undefined) return found;
  const known = resourceTypes.map((type) => type.token.replace("azure-native:", "")).sort();
  throw new UserError(`the local cloud does not have the type ${token}; it has ${known.join(", ")}`);
}

/** Stand-in for the azure-native provider on the embedded cloud. */
export function azureNative({ findEndpoint, stateDir }: AzureNativeOptions): Provider {
  let settings: Settings = settingsOf({}, false);
  const client = new ArmClient(findEndpoint, LOCAL_SUBSCRIPTION_ID);
  const ownership = new Ownership(stateDir);
  const groupLocations = new Map<string, string>();

  const parts = (): ChangeParts => ({ client, ownership, subscriptionId: settings.subscriptionId });

  /** From the groups of this run first: in a preview a new group is not there to be asked. */
  async function locationOfGroup(name: string, context: Context): Promise<string | undefined> {
    const known = groupLocations.get(name.toLowerCase());
    if (known !== undefined || settings.offline) return known;
    const group = typeOf(GROUP_TOKEN);
    const id = `/subscriptions/${settings.subscriptionId}/resourceGroups/${name}`;
    const found = await client.find(taskOf("check", name, context), id, group.apiVersion);
    const location = isObject(found?.body) ? found.body.location : undefined;
    if (typeof location !== "string") return undefined;
    groupLocations.set(name.toLowerCase(), location);
    return location;
  }

  return {
    name: "azure-native",
    version: STAND_IN_VERSIONS["azure-native"],

    schema: () => JSON.stringify(packageSchema(STAND_IN_VERSIONS["azure-native"])),
    checkConfig: configFailures,
    configure(config, offline) {
      settings = settingsOf(config, offline);
    },

    async check(call, context) {
      const result = await checkInputs(typeOf(call.type), call, {
        settings,
        locationOfGroup: (name) => locationOfGroup(name, context),
        refuseForeign: (id) => client.refuseForeign(id),
      });
      const { resourceGroupName, location } = reveal(result.inputs);
      if (
        call.type === GROUP_TOKEN &&
        typeof resourceGroupName === "string" &&
        typeof location === "string"
      ) {
        groupLocations.set(resourceGroupName.toLowerCase(), location);
      }
      return result;
    },

    diff: (call) => diffInputs(typeOf(call.type), call, settings.subscriptionId),

    async create(call, context) {
      const type = typeOf(call.type);
      if (call.preview) return { id: "", outputs: previewOutputs(type, call.inputs) };
      return createResource(
        taskOf("create", `${call.type} "${call.name}"`, context, call.timeoutSeconds),
        type,
        call,
        parts(),
      );
    },

    async update(call, context) {
      const type = typeOf(call.type);
      if (call.preview) return previewUpdate(type, call.olds, call.oldInputs, call.inputs);
      return updateResource(
        taskOf("update", `${call.type} "${call.name}"`, context, call.timeoutSeconds),
        type,
        call,
        parts(),
      );
    },

    read: (call, context) => {
      const task = taskOf("read", `${call.type} "${call.name}"`, context);
      return readResource(task, client, typeOf(call.type), call);
    },

    delete: (call, context) => {
      const task = taskOf("delete", `${call.type} "${call.name}"`, context, call.timeoutSeconds);
      return deleteResource(task, typeOf(call.type), call, parts());
    },

    invoke: (call, context) =>
      callFunction(taskOf("call", call.token, context), client, call, settings.subscriptionId),
  };
}
