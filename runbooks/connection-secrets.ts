import type { SystemName } from "./model";
import type { StoreKind } from "./release-facts";

/** A secret of the vault that says where a store is, and what of it a restore to another place changes. */
export interface ConnectionSecret {
  readonly secret: string;
  /**
   * `databaseOfAddress`: the path of an address; `catalog`: `Database=` of a connection string; `endpoint`: the address
   * of an account; `connectionString`: that of an account, with its key.
   */
  readonly holds: "databaseOfAddress" | "catalog" | "endpoint" | "connectionString";
}

/** What a restore switches, for every store that a contract restores. */
export const connectionSecrets: Readonly<
  Partial<Record<SystemName, Readonly<Partial<Record<StoreKind, readonly ConnectionSecret[]>>>>>
> = {
  "kirana-inventory": {
    cosmos: [
      { secret: "cosmos-connection-string", holds: "connectionString" },
      { secret: "cosmos-endpoint", holds: "endpoint" },
    ],
  },
  "tesoro-xp": { sql: [{ secret: "sql-connection-string", holds: "catalog" }] },
  "kirana-store": {
    mongo: [
      { secret: "mongodb-uri", holds: "databaseOfAddress" },
      // The replica holds what the cluster does, so that the same database is read there.
      { secret: "mongodb-replica-uri", holds: "databaseOfAddress" },
    ],
  },
  "case-management": { postgres: [{ secret: "database-url", holds: "databaseOfAddress" }] },
};

/** Setting of a stack, below the system's own namespace, that names what a restore has made. */
export const restoredSettings = {
  "kirana-inventory": "restoredCosmosAccount",
  "tesoro-xp": "restoredDatabase",
  "kirana-store": "restoredDatabase",
  "case-management": "restoredDatabase",
} as const satisfies Partial<Record<SystemName, string>>;

/** The same, whole: `tesoro-xp:restoredDatabase`. */
export function restoredSetting(system: string): string | undefined {
  const own: Readonly<Record<string, string>> = restoredSettings;
  return own[system] === undefined ? undefined : `${system}:${own[system]}`;
}

/** Those of a system, whichever of its stores they name. */
export function connectionSecretsOf(system: string): readonly ConnectionSecret[] {
  const bySystem: Readonly<Record<string, Readonly<Record<string, readonly ConnectionSecret[]>>>> =
    connectionSecrets;
  return Object.values(bySystem[system] ?? {}).flat();
}

/** Whether a restore may give this secret of a system's vault another value than the stack declares. */
export function isConnectionSecret(system: string, name: string): boolean {
  return connectionSecretsOf(system).some(({ secret }) => secret === name);
}
