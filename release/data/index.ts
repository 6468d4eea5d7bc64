import type { StoreKind } from "../../runbooks/release-facts";
import { bearer } from "../clients/bearer";
import type { Surroundings } from "../clients/surroundings";
import { UserError } from "../user-error";
import { armWork } from "./arm-work";
import { listBlobs } from "./blobs";
import { ClusterStore } from "./cluster-store";
import { CosmosStore } from "./cosmos-store";
import type { DataAdapter } from "./data-adapter";
import { SqlStore } from "./sql-store";
import { clusterOf } from "./tasks";
import type { DataWorld } from "./world";

/**
 * The adapter of a kind of store.
 *
 * @throws UserError for a store whose data no contract backs up, migrates or restores
 */
export function dataAdapterOf(store: StoreKind, surroundings: Surroundings): DataAdapter {
  const world = dataWorldOf(surroundings);
  switch (store) {
    case "postgres":
    case "mongo":
    case "blob":
      return new ClusterStore(store, world);
    case "sql":
      return new SqlStore(world);
    case "cosmos":
      return new CosmosStore(world);
    case "redis":
    case "elasticsearch":
      throw new UserError(`no release backs up, migrates or restores ${store}`);
  }
}

export function dataWorldOf(surroundings: Surroundings): DataWorld {
  const { login, stateDir } = surroundings.outside;
  return {
    cluster: ({ facts, signal }) => surroundings.kubernetes(clusterOf(facts), signal),
    arm: ({ clock, signal, limit }) => armWork({ login, stateDir, clock, signal, limit }),
    vault: ({ facts, signal }) => ({
      uri: facts.vault.uri,
      login: { token: () => bearer(surroundings, "vault") },
      fetchHttp: (request) => surroundings.fetchHttp(request),
      signal,
    }),
    blobs: (place, { signal }) => listBlobs(surroundings, place, signal),
  };
}
