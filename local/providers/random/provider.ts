import type {
  CheckCall,
  CheckFailure,
  CheckResult,
  CreateCall,
  DiffCall,
  DiffResult,
  Provider,
  ReadCall,
  ReadResult,
  UpdateCall,
} from "../../../plugin-server/provider";
import { leafChanges } from "../../../plugin-server/values/diff";
import { formatPath } from "../../../plugin-server/values/path";
import {
  isAbsent,
  isObject,
  isUnknown,
  type PropertyMap,
  reveal,
  secret,
  UNKNOWN,
} from "../../../plugin-server/values/property";
import { wrapLike } from "../../../plugin-server/values/secrets";
import { UserError } from "../../user-error";
import { STAND_IN_VERSIONS } from "../versions";
import type { InputSpec, RandomType } from "./random-type";
import { schemaOf } from "./schema";
import { randomPassword, randomString } from "./text-types";
import {
  randomId,
  randomInteger,
  randomPet,
  randomShuffle,
  randomUuid,
  randomUuid4,
  randomUuid7,
} from "./value-types";

const types: readonly RandomType[] = [
  randomPassword,
  randomString,
  randomId,
  randomUuid,
  randomUuid4,
  randomUuid7,
  randomInteger,
  randomPet,
  randomShuffle,
];
const byToken = new Map(types.map((type) => [type.token, type]));

function typeOf(token: string): RandomType {
  const found = byToken.get(token);
  if (found !== undefined) return found;
  throw new UserError(
    `the random stand-in does not have the type ${token}; it has ${[...byToken.keys()].join(", ")}`,
  );
}

/** Absent inputs filled with the type's defaults, old names folded in, empty keepers taken as none. */
function complete(type: RandomType, inputs: PropertyMap): PropertyMap {
  const given = Object.fromEntries(
    Object.entries(inputs).filter(([key, value]) => !isAbsent(value) && !key.startsWith("__")),
  );
  const keepers = given.keepers;
  if (isObject(keepers) && Object.keys(keepers).length === 0) delete given.keepers;
  const folded = type.normalise?.(given) ?? given;
  for (const [name, spec] of Object.entries(type.inputs)) {
    if (spec.default !== undefined && folded[name] === undefined) folded[name] = spec.default;
  }
  return folded;
}

function isOfType(value: unknown, { type }: InputSpec): boolean {
  if (isUnknown(value)) return true;
  if (type === "number") return Number.isInteger(value);
  if (type === "string list")
    return Array.isArray(value) && value.every((entry) => typeof entry === "string");
  if (type === "string map")
    return isObject(value) && Object.values(value).every((entry) => typeof entry === "string");
  return typeof value === type;
}

function failuresOf(type: RandomType, inputs: PropertyMap): CheckFailure[] {
  const plain = reveal(inputs);
  const failures: CheckFailure[] = [];
  // A property's name would make the engine print its value, which may be a secret.
  const fail = (name: string, reason: string) => failures.push({ property: "", reason: `${name} ${reason}` });
  for (const [name, value] of Object.entries(plain)) {
    const spec = type.inputs[name];
    if (isAbsent(value) || name.startsWith("__")) continue;
    if (spec === undefined) fail(name, `is not an input; inputs are ${Object.keys(type.inputs).join(", ")}`);
    else if (!isOfType(value, spec))
      fail(name, `must be a ${spec.type === "number" ? "whole number" : spec.type}`);
    else if (spec.minimum !== undefined && (value as number) < spec.minimum) {
      fail(name, `is ${value as number}; the lowest allowed is ${spec.minimum}`);
    }
  }
  for (const [name, spec] of Object.entries(type.inputs)) {
    if (spec.required === true && isAbsent(plain[name])) fail(name, "is required and missing");
  }
  if (failures.length > 0 || Object.values(plain).some(isUnknown)) return failures;
  return (type.validate?.(complete(type, plain)) ?? []).map(({ property, reason }) => ({
    property: "",
    reason: property === "" ? reason : `${property} ${reason}`,
  }));
}

/** Echoes inputs with their markers, adds what was made, and wraps what the type declares secret. */
function outputsOf(type: RandomType, inputs: PropertyMap, made: PropertyMap): PropertyMap {
  const outputs = { ...complete(type, inputs), ...made };
  for (const name of type.secretOutputs ?? []) outputs[name] = secret(outputs[name]);
  return outputs;
}

/**
 * Stand-in for the random provider: the same types, options and ids. Values that a `seed` fixes differ from the real
 * provider's (see `source.ts`), and pet names come from a shorter list.
 */
export const randomProvider: Provider = {
  name: "random",
  version: STAND_IN_VERSIONS.random,

  schema: () => JSON.stringify(schemaOf(types, STAND_IN_VERSIONS.random)),
  checkConfig: () => [],
  configure: () => undefined,

  async check({ type, news }: CheckCall): Promise<CheckResult> {
    return { inputs: news, failures: failuresOf(typeOf(type), news) };
  },

  diff({ type, oldInputs, news }: DiffCall): DiffResult {
    const row = typeOf(type);
    const changes = leafChanges(complete(row, reveal(oldInputs)), complete(row, reveal(news)));
    // `number` is only the old name of `numeric`: one change, not two.
    const told = changes.filter(({ path }) => path[0] !== "number" || row.normalise === undefined);
    return {
      changes: told.map(({ path, kind }) => ({ path: formatPath(path), kind, replace: true })),
      deleteBeforeReplace: false,
    };
  },

  async create({ type, inputs, preview }: CreateCall) {
    const row = typeOf(type);
    if (preview) {
      const unknown = Object.fromEntries(row.computed.map((name) => [name, UNKNOWN]));
      return { id: "", outputs: { ...complete(row, inputs), ...unknown } };
    }
    const { id, outputs } = row.generate(complete(row, reveal(inputs)));
    return { id, outputs: outputsOf(row, inputs, outputs) };
  },

  /** Every change replaces; what gets here is a change of markers only (a keeper that became secret). */
  async update({ type, inputs, olds }: UpdateCall): Promise<PropertyMap> {
    const row = typeOf(type);
    const made = Object.fromEntries(row.computed.map((name) => [name, reveal(olds[name])]));
    return outputsOf(row, inputs, made);
  },

  async read({ type, id, inputs, properties }: ReadCall): Promise<ReadResult> {
    const row = typeOf(type);
    // A value lives in the state alone, so there is nothing that could have drifted.
    if (inputs !== undefined && properties !== undefined && Object.keys(properties).length > 0) {
      const outputs = wrapLike(properties, inputs) as PropertyMap;
      for (const name of row.secretOutputs ?? []) outputs[name] = secret(outputs[name]);
      return { id, inputs, outputs };
    }
    if (row.importFrom === undefined)
      throw new UserError(`${type} cannot be imported, with the real provider neither`);
    try {
      const imported = row.importFrom(id);
      return { ...imported, outputs: outputsOf(row, imported.inputs, imported.outputs) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`import of ${type}: ${error.message}; the id must be ${row.importFormat}`);
    }
  },

  async delete(): Promise<void> {},

  async invoke({ token }) {
    throw new UserError(`the random provider has no function ${token}`);
  },
};
