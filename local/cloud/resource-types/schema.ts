import generated from "./schema.generated.json";

/**
 * A property's type: `string`, `number`, `boolean`, `any`, `=ns.Object` (see `objects`), `#ns.Enum` (see `enums`),
 * `'literal`, or a composed one.
 */
export type TypeRef = string | { array: TypeRef } | { map: TypeRef } | { union: TypeRef[] };

export interface ObjectSchema {
  properties: Record<string, TypeRef>;
  required?: string[];
}

export interface TypeSchema {
  apiVersion: string;
  inputs: ObjectSchema;
  outputs: ObjectSchema;
}

export interface Schema {
  sdkVersion: string;
  tokensDigest: string;
  /** By token without prefix, `web:WebApp`. */
  types: Record<string, TypeSchema>;
  objects: Record<string, ObjectSchema>;
  enums: Record<string, (string | number)[]>;
}

/** Generated from the SDK's declarations by `generate.ts`; never written by hand. */
export const schema = generated as unknown as Schema;

/** @throws Error for a token that was never generated: a row without its line in `tokens.ts`. */
export function typeSchema(shortToken: string): TypeSchema {
  const found = schema.types[shortToken];
  if (found === undefined)
    throw new Error(`no generated schema for ${shortToken}: add it to tokens.ts and regenerate`);
  return found;
}
