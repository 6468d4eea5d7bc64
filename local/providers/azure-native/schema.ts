import { resourceTypes } from "../../cloud/resource-types";
import { type ObjectSchema, schema, type TypeRef } from "../../cloud/resource-types/schema";

const MODULE = "azure-native";

/** A type's token in a package schema: `web.SiteConfigArgs` is `azure-native:web:SiteConfigArgs`. */
const typeToken = (name: string) => `${MODULE}:${name.replace(".", ":")}`;

function spec(reference: TypeRef): object {
  if (typeof reference === "object") {
    if ("array" in reference) return { type: "array", items: spec(reference.array) };
    if ("map" in reference) return { type: "object", additionalProperties: spec(reference.map) };
    return { oneOf: reference.union.map(spec) };
  }
  if (reference.startsWith("=")) return { $ref: `#/types/${typeToken(reference.slice(1))}` };
  if (["number", "boolean", "string"].includes(reference)) return { type: reference };
  return reference === "any" ? { $ref: "pulumi.json#/Any" } : { type: "string" };
}

function specs({ properties }: ObjectSchema): object {
  return Object.fromEntries(Object.entries(properties).map(([name, reference]) => [name, spec(reference)]));
}

/** The package schema of what the embedded cloud knows, as far as the code that `pulumi import` writes needs it. */
export function packageSchema(version: string): object {
  const resources = resourceTypes.map((type) => [
    type.token,
    {
      inputProperties: specs(type.schema.inputs),
      requiredInputs: type.required.filter((name) => type.schema.inputs.properties[name] !== undefined),
      properties: specs(type.schema.outputs),
    },
  ]);
  const types = Object.entries(schema.objects).map(([name, declared]) => [
    typeToken(name),
    { type: "object", properties: specs(declared), required: declared.required ?? [] },
  ]);
  return {
    name: MODULE,
    version,
    language: { nodejs: { packageName: "@pulumi/azure-native" } },
    types: Object.fromEntries(types) as object,
    resources: Object.fromEntries(resources) as object,
  };
}
