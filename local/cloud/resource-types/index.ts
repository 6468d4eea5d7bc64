import { idKey, parseArmId } from "./ids";
import type { ResourceType } from "./model";
import { rows } from "./rows";

export { armPath, fromArmBody, inputsFromArmBody, toArmBody, withoutReadOnly } from "./bodies";
export { armTypeOf } from "./define";
export { buildArmId, idKey, nameOf, parentOf, parseArmId, UNKNOWN } from "./ids";
export { type Invoke, invokes } from "./invokes";
export type {
  AdmitContext,
  ArmFault,
  ComputeContext,
  InputFault,
  Json,
  ResourceType,
  StoredView,
} from "./model";
export { isJson, merge, valuesAt, without } from "./paths";
export { validateInputs } from "./validate";

/** Every type that the embedded cloud knows. */
export const resourceTypes: readonly ResourceType[] = rows;

const tokens = new Map(rows.map((row) => [row.token, row]));

/** @param token `azure-native:web:WebApp` */
export function byToken(token: string): ResourceType | undefined {
  return tokens.get(token);
}

/** The row that an ARM id belongs to; a row with fixed names wins over one with a placeholder in the same place. */
export function byArmId(id: string): ResourceType | undefined {
  const key = idKey(id);
  const last = key.split("/").at(-1)!;
  const candidates = rows.filter((row) => parseArmId(row, id) !== undefined);
  return candidates.find((row) => row.id.toLowerCase().endsWith(`/${last}`)) ?? candidates[0];
}
