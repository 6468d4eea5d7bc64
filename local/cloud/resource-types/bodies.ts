import { armTypeOf } from "./define";
import { nameOf, parseArmId } from "./ids";
import type { Json, ResourceType } from "./model";
import { isJson } from "./paths";
import { type ObjectSchema, schema, type TypeRef } from "./schema";

const wrapsInputs = (type: ResourceType) => type.schema.inputs.properties.properties !== undefined;
const wrapsOutputs = (type: ResourceType) => type.schema.outputs.properties.properties !== undefined;

/** Azure takes user-assigned identities as the keys of a map, the SDK as a list. */
function identityToWire(identity: unknown): unknown {
  if (!isJson(identity) || !Array.isArray(identity.userAssignedIdentities)) return identity;
  const ids = identity.userAssignedIdentities as string[];
  return { ...identity, userAssignedIdentities: Object.fromEntries(ids.map((id) => [id, {}])) };
}

function identityToSdk(identity: unknown): unknown {
  if (!isJson(identity) || !isJson(identity.userAssignedIdentities)) return identity;
  return { ...identity, userAssignedIdentities: Object.keys(identity.userAssignedIdentities) };
}

/** The ARM body of a PUT. What the id holds is not in it. */
export function toArmBody(type: ResourceType, inputs: Json): Json {
  const body: Json = {};
  const properties: Json = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (value === undefined || value === null || type.pathInputs.includes(name)) continue;
    if (name === "identity") body[name] = identityToWire(value);
    else if (type.envelope.includes(name)) body[name] = value;
    else if (name === "properties" && wrapsInputs(type)) Object.assign(properties, value as Json);
    else properties[type.wire[name] ?? name] = value;
  }
  body.properties = properties;
  return body;
}

/**
 * SDK-shaped inputs from an ARM body, for checking and for import. What is read-only at the top level is left out, what
 * is not known at all is kept (so that a check can name it).
 */
export function inputsFromArmBody(type: ResourceType, id: string, body: Json): Json {
  const inputs: Json = {};
  const sdkName = Object.fromEntries(Object.entries(type.wire).map(([sdk, wire]) => [wire, sdk]));
  for (const [name, value] of Object.entries(body)) {
    if (name === "properties" || value === undefined || value === null) continue;
    if (["id", "name", "type", "systemData"].includes(name) || type.readOnly.includes(name)) continue;
    inputs[name] = name === "identity" ? identityToSdk(value) : value;
  }
  const properties = isJson(body.properties) ? body.properties : {};
  if (wrapsInputs(type)) {
    inputs.properties = properties;
  } else {
    for (const [wire, value] of Object.entries(properties)) {
      const name = sdkName[wire] ?? wire;
      if (value !== undefined && value !== null && !type.readOnly.includes(name)) inputs[name] = value;
    }
  }
  const params = parseArmId(type, id) ?? {};
  for (const name of type.pathInputs) inputs[name] = params[name];
  return inputs;
}

/** Where a fault in an SDK-shaped input lies in the ARM body: `siteConfig.x` is `properties.siteConfig.x`. */
export function armPath(type: ResourceType, path: string): string {
  const [first] = path.split(/[.[]/, 1) as [string];
  if (first === "properties" || type.envelope.includes(first) || type.pathInputs.includes(first)) return path;
  return `properties.${type.wire[first] ?? first}${path.slice(first.length)}`;
}

/** SDK-shaped outputs of an ARM body: flattened, only what the SDK declares, with `name`, `type` and `azureApiVersion`. */
export function fromArmBody(type: ResourceType, id: string, body: Json): Json {
  const outputs: Json = {};
  const sdkName = Object.fromEntries(Object.entries(type.wire).map(([sdk, wire]) => [wire, sdk]));
  const declared = type.schema.outputs.properties;
  const properties = isJson(body.properties) ? body.properties : {};
  if (wrapsOutputs(type)) outputs.properties = properties;
  else {
    for (const [wire, value] of Object.entries(properties)) {
      const name = sdkName[wire] ?? wire;
      if (declared[name] !== undefined && value !== null) outputs[name] = value;
    }
  }
  for (const [name, value] of Object.entries(body)) {
    if (name !== "properties" && declared[name] !== undefined && value !== null) outputs[name] = value;
  }
  outputs.name = body.name ?? nameOf(id);
  outputs.type = body.type ?? armTypeOf(id);
  if (declared.azureApiVersion !== undefined) outputs.azureApiVersion = type.apiVersion;
  return outputs;
}

/**
 * A body without what the caller cannot set: Azure ignores read-only properties in a PUT, so that what a GET answered
 * can be sent back. Read-only is what the SDK declares as output and not as input, at any depth.
 */
export function withoutReadOnly(type: ResourceType, inputs: Json): Json {
  return strip(inputs, type.schema.inputs, type.schema.outputs) as Json;
}

function strip(value: Json, input: ObjectSchema, output: ObjectSchema): Json {
  const kept: Json = {};
  for (const [name, entry] of Object.entries(value)) {
    const [asInput, asOutput] = [input.properties[name], output.properties[name]];
    if (asInput === undefined && asOutput !== undefined) continue;
    kept[name] = asInput === undefined ? entry : stripValue(entry, asInput, asOutput);
  }
  return kept;
}

function stripValue(value: unknown, input: TypeRef, output: TypeRef | undefined): unknown {
  if (Array.isArray(value) && typeof input === "object" && "array" in input) {
    const element = typeof output === "object" && "array" in output ? output.array : undefined;
    return value.map((entry) => stripValue(entry, input.array, element));
  }
  const [from, to] = [objectOf(input), objectOf(output)];
  return isJson(value) && from !== undefined && to !== undefined ? strip(value, from, to) : value;
}

function objectOf(reference: TypeRef | undefined): ObjectSchema | undefined {
  return typeof reference === "string" && reference.startsWith("=")
    ? schema.objects[reference.slice(1)]
    : undefined;
}
