import type { InputType, RandomType } from "./random-type";

const SHAPES: Record<InputType, object> = {
  string: { type: "string" },
  number: { type: "integer" },
  boolean: { type: "boolean" },
  "string list": { type: "array", items: { type: "string" } },
  "string map": { type: "object", additionalProperties: { type: "string" } },
};

/** The package schema, as far as the code that `pulumi import` writes needs it. */
export function schemaOf(types: readonly RandomType[], version: string): object {
  const resources = types.map((type) => {
    const inputProperties = Object.fromEntries(
      Object.entries(type.inputs).map(([name, spec]) => [name, SHAPES[spec.type]]),
    );
    const required = Object.keys(type.inputs).filter((name) => type.inputs[name]!.required === true);
    const computed = Object.fromEntries(
      type.computed.map((name) => [
        name,
        { type: "string", secret: type.secretOutputs?.includes(name) ?? false },
      ]),
    );
    const properties = { ...inputProperties, ...computed };
    return [type.token, { inputProperties, requiredInputs: required, properties, required }];
  });
  return {
    name: "random",
    version,
    language: { nodejs: { packageName: "@pulumi/random" } },
    resources: Object.fromEntries(resources) as object,
  };
}
