import type { ResourceType, RowSpec } from "./model";
import { typeSchema } from "./schema";

const ENVELOPE = new Set([
  "location",
  "tags",
  "kind",
  "identity",
  "sku",
  "zones",
  "extendedLocation",
  "managedBy",
  "plan",
  "etag",
  "eTag",
]);

/** The ARM type that an id or an id template names: `Microsoft.Web/sites/config`. */
export function armTypeOf(id: string): string {
  const at = id.toLowerCase().lastIndexOf("/providers/");
  if (at < 0) return "Microsoft.Resources/resourceGroups";
  const [namespace, ...rest] = id.slice(at + "/providers/".length).split("/");
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}

export function placeholders(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
}

function defaultAutoname(template: string, nameIsFree: boolean): "random" | "copy" | "none" {
  if (!nameIsFree) return "none";
  const at = template.lastIndexOf("/providers/");
  const depth = at < 0 ? 3 : template.slice(at + "/providers/".length).split("/").length;
  return depth === 3 ? "random" : "copy";
}

/** Fills a row from the generated schema. */
export function define(spec: RowSpec): ResourceType {
  const schema = typeSchema(spec.token);
  const pathInputs = placeholders(spec.id).filter((name) => name !== "subscriptionId");
  const last = spec.id.endsWith("}") ? pathInputs.at(-1) : undefined;
  const required = schema.inputs.required ?? [];
  const autoname = spec.autoname ?? defaultAutoname(spec.id, last !== undefined && !required.includes(last));
  const nameInput = autoname === "none" ? undefined : last;
  const inputs = Object.keys(schema.inputs.properties);
  const wrapsProperties = inputs.includes("properties");
  const envelope = inputs.filter(
    (name) =>
      !pathInputs.includes(name) &&
      name !== "properties" &&
      (wrapsProperties || (ENVELOPE.has(name) && !spec.inProperties?.includes(name))),
  );
  return {
    token: `azure-native:${spec.token}`,
    armType: armTypeOf(spec.id),
    apiVersion: schema.apiVersion,
    id: spec.id,
    pathInputs,
    nameInput,
    autoname,
    required: [...new Set([...required, ...pathInputs])].filter((name) => name !== nameInput),
    immutable: [
      ...new Set([
        ...pathInputs,
        ...(inputs.includes("location") ? ["location"] : []),
        ...(spec.immutable ?? []),
      ]),
    ],
    readOnly: Object.keys(schema.outputs.properties).filter((name) => !inputs.includes(name)),
    secret: { inputs: spec.secretInputs ?? [], outputs: spec.secretOutputs ?? [] },
    writeOnly: spec.writeOnly ?? [],
    mergedFrom: spec.mergedFrom ?? {},
    defaults: spec.defaults ?? {},
    enums: spec.enums ?? {},
    envelope,
    wire: spec.wire ?? {},
    longRunning: {
      create: spec.longRunning?.create ?? false,
      update: spec.longRunning?.update ?? false,
      delete: spec.longRunning?.delete ?? false,
    },
    softDelete: spec.softDelete,
    existsByDefault: spec.existsByDefault,
    readBy: spec.readBy,
    references: spec.references ?? [],
    schema,
    spec,
  };
}
