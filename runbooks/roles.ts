import type { Contract } from "./vocabulary";
import { roleSchema } from "./vocabulary/base";

/** Fields of entries that say who acts, signs, answers or is told. */
const roleFields = new Set(["role", "roles", "signedBy", "confirmedBy", "calledBy", "owner"]);

/** Every role that the contracts speak of. */
export function rolesOf(contracts: readonly Contract[]): readonly string[] {
  return [...new Set(contracts.flatMap(({ entries }) => rolesIn(entries)))].sort();
}

function rolesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(rolesIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inside]) =>
    roleFields.has(name) ? [inside].flat().filter(isRole) : rolesIn(inside),
  );
}

/** An exclusion's owner is a text that says where it is decided. */
function isRole(value: unknown): value is string {
  return roleSchema.safeParse(value).success;
}
