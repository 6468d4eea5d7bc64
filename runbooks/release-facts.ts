import type { SystemName } from "./model";
import type { Colour, Target } from "./target";

/**
 * What a stack tells a release about a system: where things are, under the names that the contract's entries use.
 * Constants of the declaration, the output `release` of each system; nothing in it is live, so nothing in it goes stale.
 */
export interface ReleaseFacts {
  readonly system: SystemName;
  readonly resourceGroupId: string;
  /** Azure region in its short form: `westus2`. @default unknown, as of a stack that was updated before this was told */
  readonly location?: string;
  /** Where the system's traffic is decided, in the contract's order of deployment; rollback goes the other way round. */
  readonly tracks: readonly TrackFacts[];
  /** Hosts by the names that `host` and `hosts` of entries use: `api`, `slot`, `preview`. */
  readonly hosts: Readonly<Record<string, HostFacts>>;
  /** ARM ids by the names that `resource` of entries uses: `cosmosAccount`, `webApp`. */
  readonly resources: Readonly<Record<string, string>>;
  /** Texts by the dotted names that `equalsOutput` uses: `api.siteHost`. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly vault: { readonly name: string; readonly uri: string; readonly id: string };
  /** Log Analytics workspace by which the system's logs are asked; customer id as the query API wants it. */
  readonly workspace?: { readonly id: string; readonly customerId: string };
  /** Query address of Prometheus. On dev absent: the local one is found in the state folder. */
  readonly prometheusUrl?: string;
  readonly grafanaUrl?: string;
  /** ARM id of the container registry that the system's images are in. */
  readonly registryId?: string;
  /** The service at PagerDuty that is paged for the system, and the vault's secret with a token that may read there. */
  readonly pagerDuty?: { readonly serviceId: string; readonly tokenSecret: string };
  /** Where on the cluster the system is; absent for one without. */
  readonly cluster?: { readonly namespace: string; readonly clusterId?: string };
  /** Of a system on no cluster: ARM ids of its jobs of Azure Container Apps, by the contract's names of tasks. */
  readonly tasks?: Readonly<Record<string, string>>;
  /** Data stores by the word of the contract (`cosmos`, `sql`, …). */
  readonly stores: Readonly<Partial<Record<StoreKind, StoreFacts>>>;
}

export interface TrackFacts {
  /** Name of the Track, unique in the stack. */
  readonly name: string;
  /** Components of the manifest that move with it, in their order. */
  readonly components: readonly string[];
  readonly target: Target;
}

/** One address, or one for each colour of which the release takes the candidate's. */
export type HostFacts = { readonly url: string } | { readonly bySide: Readonly<Record<Colour, string>> };

export type StoreKind = "cosmos" | "sql" | "postgres" | "mongo" | "blob" | "redis" | "elasticsearch";

export interface StoreFacts {
  /** ARM id of account, server or cluster; absent for one inside the cluster. */
  readonly resourceId?: string;
  readonly host?: string;
  readonly database?: string;
  /** Of a storage account: what of it is the store. */
  readonly container?: string;
  /** Where backups of the store are written; `container` of files is the beginning of a container's name. */
  readonly backups?: { readonly accountName: string; readonly accountId: string; readonly container: string };
}

/** Name of a system among a stack's outputs: `kiranaStore`. */
export function outputName(system: string): string {
  return system.replace(/-(.)/g, (_hyphen, letter: string) => letter.toUpperCase());
}
