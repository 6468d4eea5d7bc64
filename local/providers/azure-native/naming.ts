import { createHash } from "node:crypto";
import type { CheckCall } from "../../../plugin-server/provider";
import { isAbsent, type PropertyMap, reveal } from "../../../plugin-server/values/property";
import type { ResourceType } from "../../cloud/resource-types";

/**
 * Marks inputs whose name was made by the provider anew in each run: such a resource can be created beside the one that
 * it replaces. The real provider keeps the same mark under the same key.
 */
export const CREATE_BEFORE_DELETE = "__createBeforeDelete";

const HEX_DIGITS = 8;

export interface Named {
  inputs: PropertyMap;
  failure?: string;
}

/** Fills in the name that the program left open, and keeps it over later runs. */
export function nameResource(type: ResourceType, call: CheckCall, inputs: PropertyMap): Named {
  const { nameInput } = type;
  if (nameInput === undefined || !isAbsent(inputs[nameInput])) return { inputs };
  const old = reveal(call.olds[nameInput]);
  const made = makeName(type, call);
  if (made === undefined) {
    if (typeof old === "string") return { inputs: { ...inputs, [nameInput]: old } };
    return { inputs, failure: `${nameInput} is missing, and autonaming is switched off for this stack` };
  }
  const name = typeof old === "string" ? old : made;
  // With a name that comes out the same every time the old resource has to go first.
  const fresh = typeof old === "string" ? made !== old : type.autoname === "random";
  return { inputs: { ...inputs, [nameInput]: name, ...(fresh ? { [CREATE_BEFORE_DELETE]: true } : {}) } };
}

function makeName(type: ResourceType, { urn, name, randomSeed, autonaming }: CheckCall): string | undefined {
  // A GUID is not for people to read, and a second assignment of the same role is refused: one URN, one name.
  if (type.autoname === "uuid") return guidOf(urn);
  if (type.autoname === "copy") return name;
  if (autonaming?.mode === "disable") return undefined;
  if (autonaming !== undefined) return autonaming.proposedName;
  return name + createHash("sha256").update(randomSeed).update(urn).digest("hex").slice(0, HEX_DIGITS);
}

/** A GUID of version 5's shape from any text. */
export function guidOf(text: string): string {
  const bytes = createHash("sha256").update(`switchyard:${text}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
