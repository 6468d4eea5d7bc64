import { isJson, type Json, type ResourceType } from "../../local/cloud/resource-types";
import { type ObjectSchema, schema, type TypeRef } from "../../local/cloud/resource-types/schema";

/** By object of the SDK: its name of a member, and the name that Azure has for it where that is another word. */
const otherWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "applicationinsights.WebTestGeolocationArgs": { location: "Id" },
  "containerregistry.IPRuleArgs": { iPAddressOrRange: "value" },
  "monitor.MetricAlertMultipleResourceMultipleMetricCriteriaArgs": { odataType: "odata.type" },
  "monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs": { odataType: "odata.type" },
  "monitor.WebtestLocationAvailabilityCriteriaArgs": { odataType: "odata.type" },
  "storage.IPRuleArgs": { iPAddressOrRange: "value" },
  "storage.VirtualNetworkRuleArgs": { virtualNetworkResourceId: "id" },
};

interface Named {
  readonly properties: ObjectSchema["properties"];
  readonly words: Readonly<Record<string, string>>;
}

/**
 * An answer of Azure with the SDK's names at every depth, as the table of types has them at the top: parts that Azure puts
 * into `properties` of an element and the SDK beside its name, other capitals (`RequestUrl`), other words. An answer that has the
 * SDK's names, as the embedded cloud's, stays as it is.
 */
export function namedAsSdk(type: ResourceType, body: Json): Json {
  const { properties: inputs } = type.schema.inputs;
  const sdkName = Object.fromEntries(Object.entries(type.wire).map(([sdk, wire]) => [wire, sdk]));
  if (!isJson(body.properties)) return body;
  if (inputs.properties !== undefined)
    return { ...body, properties: named(body.properties, inputs.properties) };
  const properties = Object.entries(body.properties).map(([wire, value]) => [
    wire,
    named(value, inputs[sdkName[wire] ?? wire]),
  ]);
  return { ...body, properties: Object.fromEntries(properties) };
}

function named(value: unknown, reference: TypeRef | undefined): unknown {
  if (reference === undefined) return value;
  if (typeof reference === "object" && "array" in reference)
    return Array.isArray(value) ? value.map((element) => named(element, reference.array)) : value;
  if (typeof reference === "object" && "map" in reference)
    return isJson(value)
      ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, named(entry, reference.map)]))
      : value;
  const object = objectOf(reference);
  return object === undefined || !isJson(value) ? value : namedObject(value, object);
}

function namedObject(value: Json, { properties, words }: Named): Json {
  const nested = properties.properties === undefined && isJson(value.properties) ? value.properties : {};
  const { properties: own, ...beside } = value;
  const flat: Json = Object.keys(nested).length > 0 ? { ...beside, ...nested } : value;
  const byLetters = new Map(Object.keys(flat).map((name) => [name.toLowerCase(), name]));
  const taken = new Map<string, string>();
  for (const name of Object.keys(properties)) {
    const wire = [name, words[name], byLetters.get(name.toLowerCase())].find(
      (candidate) => candidate !== undefined && flat[candidate] !== undefined,
    );
    if (wire !== undefined) taken.set(wire, name);
  }
  return Object.fromEntries(
    Object.entries(flat).map(([wire, entry]) => {
      const name = taken.get(wire);
      return name === undefined ? [wire, entry] : [name, named(entry, properties[name])];
    }),
  );
}

/** Of several that a value may be, what they have together. */
function objectOf(reference: TypeRef): Named | undefined {
  if (typeof reference === "string") {
    const name = reference.startsWith("=") ? reference.slice(1) : undefined;
    const found = name === undefined ? undefined : schema.objects[name];
    return name === undefined || found === undefined
      ? undefined
      : { properties: found.properties, words: otherWords[name] ?? {} };
  }
  if (!("union" in reference)) return undefined;
  const members = reference.union.flatMap((member) => objectOf(member) ?? []);
  if (members.length === 0) return undefined;
  return {
    properties: Object.assign({}, ...members.map(({ properties }) => properties)),
    words: Object.assign({}, ...members.map(({ words }) => words)),
  };
}
