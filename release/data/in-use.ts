import { connectionSecrets } from "../../runbooks/connection-secrets";
import type { ReleaseFacts, StoreKind } from "../../runbooks/release-facts";
import { type VaultAsking, vaultSecret } from "../clients/vault-secret";
import { UserError } from "../user-error";

/** Whether what a stack says of a store names this database, or for Cosmos DB this account. */
export function isNamed({ stores }: Pick<ReleaseFacts, "stores">, store: StoreKind, target: string): boolean {
  const { database, resourceId } = stores[store] ?? {};
  if (store !== "cosmos") return database === target;
  return resourceId?.toLowerCase().endsWith(`/${target.toLowerCase()}`) === true;
}

/**
 * Database, or for Cosmos DB the account, to which the vault's secret sends those who use a store.
 *
 * @returns undefined where the secret cannot be read: this login may not, or the vault does not answer
 */
export async function databaseInUse(
  surroundings: VaultAsking,
  { system, vault }: Pick<ReleaseFacts, "system" | "vault">,
  store: StoreKind,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const secrets = connectionSecrets[system]?.[store] ?? [];
  const [secret] = secrets.filter(({ holds }) => holds !== "connectionString");
  if (secret === undefined) return undefined;
  try {
    return nameIn(await vaultSecret(surroundings, vault, secret.secret, signal), secret.holds);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Name in the value of such a secret; undefined where it has none. */
export function nameIn(
  value: string,
  holds: "databaseOfAddress" | "catalog" | "endpoint" | "connectionString",
): string | undefined {
  switch (holds) {
    case "databaseOfAddress":
      return /^[^?]*\/\/[^/?]+\/([^?]+)/s.exec(value)?.[1];
    case "catalog":
      return /(?:^|;)\s*(?:Database|Initial Catalog)\s*=\s*([^;]+)/i.exec(value)?.[1]?.trim();
    case "endpoint":
    case "connectionString":
      return /https:\/\/([^./:]+)\./i.exec(value)?.[1];
  }
}
