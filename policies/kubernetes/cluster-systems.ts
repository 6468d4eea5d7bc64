import type { Environment } from "../../runbooks/model";
import type { MetricExporter, MonitoringContract } from "../../runbooks/prometheus";
import { snapshotAlert } from "../../runbooks/retail-agentic/alerts";
import { snapshotTask } from "../../runbooks/retail-agentic/tasks";
import { type Colour, colours } from "../../runbooks/target";
import { type CommonContract, cases, retail, type SystemContract, store } from "../systems";

/** A program of which there is one Deployment per colour. */
export interface SwitchedComponent {
  readonly name: string;
  readonly fewestReplicas: Readonly<Record<Environment, number>>;
  /** Paths that its probes may ask for: the contract's. */
  readonly probePaths: readonly string[];
  /** Of its containers, and of the Service of a colour. */
  readonly port: number;
  /** Of the active Service, where traffic is switched by one. */
  readonly servicePort?: number;
}

/** Work on data: a CronJob, one per colour when it runs in a side's own image. */
export interface ClusterTask {
  /** Name of the CronJob without the colour. */
  readonly name: string;
  readonly perColour: boolean;
  /** When it runs by itself; absent: it is suspended. */
  readonly schedule?: { readonly cron: string; readonly timeZone: string };
}

/** What the contracts of the systems on the cluster have in common, in one form. */
export interface ClusterSystem {
  readonly system: SystemContract;
  readonly contract: CommonContract;
  readonly namespace: string;
  readonly components: readonly SwitchedComponent[];
  /** Component whose pods read the secrets of the contract, and whose ConfigMap holds its plain variables. */
  readonly backend: string;
  readonly plainVariables: Readonly<Record<string, string>>;
  readonly targetCpuPercent: number;
  readonly tasks: readonly ClusterTask[];
  /** Path prefixes that nobody outside may ask for. */
  readonly blockedPaths: readonly string[];
  /** Path prefixes that only named addresses may ask for. */
  readonly restrictedPaths: readonly string[];
  readonly requestsPerMinutePerAddress: number;
  /** Path prefixes whose requests that limit is of; absent: all. */
  readonly countedPaths?: readonly string[];
  /** Value that a header of every answer must have, where the contract gives one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly monitoring: Pick<MonitoringContract, "alerts" | "routing">;
  /** Who writes the series that alerts and dashboards read. */
  readonly exporters: readonly MetricExporter[];
  /** What stands before the owner's domain in each public host; absent: the owner gives whole hosts. */
  readonly hosts?: Readonly<Record<Environment, readonly string[]>>;
  /** What the runbook prints in place of the owner's domain. */
  readonly placeholderDomain?: string;
  /** Plain variables of the backend whose values only the owner has. */
  readonly ownerVariables: readonly string[];
  /** Repositories of the registry, by component, where the runbook names them. */
  readonly repositories: readonly string[];
  /** What is asked instead where the owner has the search engine elsewhere: somebody else makes its snapshots. */
  readonly withoutSearchEngine?: Pick<ClusterSystem, "tasks" | "monitoring">;
}

/** Name of what a component has once per colour. */
export function colourName(component: string, colour: Colour): string {
  return `${component}-${colour}`;
}

type HostPrefixes = Readonly<Record<Environment, Readonly<Record<string, string>>>>;

function hostsOf({ dev, staging, production }: HostPrefixes): ClusterSystem["hosts"] {
  return {
    dev: Object.values(dev),
    staging: Object.values(staging),
    production: Object.values(production),
  };
}

const { components: retailComponents, paths, plainVariables: retailVariables } = retail.contract;
const { ids: _sources, ...retailPlainVariables } = retailVariables;
const { components: caseComponents } = cases.contract;
const { components: storeComponents, edge: storeEdge } = store.contract;

const retailTasks = retail.contract.tasks.map((task) => ({ ...task, perColour: task.image === "backend" }));

const retailOnCluster: ClusterSystem = {
  system: retail,
  contract: retail.contract,
  namespace: retail.contract.namespace.name,
  components: [
    { ...retailComponents.backend, probePaths: [paths.liveness, paths.readiness] },
    { ...retailComponents.consumerWeb, probePaths: [paths.web] },
    { ...retailComponents.adminWeb, probePaths: [paths.web] },
  ],
  backend: retailComponents.backend.name,
  plainVariables: retailPlainVariables,
  targetCpuPercent: retail.contract.scaling.targetCpuPercent,
  tasks: retailTasks,
  blockedPaths: retail.contract.blockedPaths.paths,
  restrictedPaths: [],
  requestsPerMinutePerAddress: retail.contract.rateLimit.perMinutePerAddress,
  headers: {},
  monitoring: retail.contract,
  exporters: retail.contract.metrics.exporters,
  hosts: hostsOf(retail.contract.hosts),
  placeholderDomain: retail.contract.hosts.placeholderDomain,
  ownerVariables: ["SMTP_HOST"],
  repositories: retail.contract.repositories.names,
  withoutSearchEngine: {
    tasks: retailTasks.filter(({ name }) => name !== snapshotTask),
    monitoring: {
      ...retail.contract,
      alerts: retail.contract.alerts.filter(({ name }) => name !== snapshotAlert),
    },
  },
};

const casesOnCluster: ClusterSystem = {
  system: cases,
  contract: cases.contract,
  namespace: cases.contract.namespace.name,
  components: [caseComponents.backend, caseComponents.frontend].map((component) => ({
    ...component,
    probePaths: [component.healthPath],
  })),
  backend: caseComponents.backend.name,
  plainVariables: {},
  targetCpuPercent: cases.contract.scaling.targetCpuPercent,
  tasks: cases.contract.tasks.map(({ name, image }) => ({
    name: `${cases.name}-${name}`,
    perColour: image === "backend",
  })),
  blockedPaths: cases.contract.blockedPaths.paths,
  restrictedPaths: [],
  requestsPerMinutePerAddress: cases.contract.rateLimit.perMinutePerAddress,
  headers: {},
  monitoring: cases.contract,
  exporters: cases.contract.metrics.exporters,
  hosts: hostsOf(cases.contract.hosts),
  placeholderDomain: cases.contract.hosts.placeholderDomain,
  ownerVariables: [],
  repositories: [],
};

const storeOnCluster: ClusterSystem = {
  system: store,
  contract: store.contract,
  namespace: store.contract.namespace.name,
  components: [storeComponents.backend, storeComponents.frontend].map((component) => ({
    ...component,
    probePaths: [component.healthPath],
  })),
  backend: storeComponents.backend.name,
  plainVariables: {},
  targetCpuPercent: store.contract.scaling.targetCpuPercent,
  tasks: store.contract.tasks.map((task) => ({
    name: `${store.name}-${task.name}`,
    perColour: task.image === "backend",
    ...("schedule" in task && { schedule: { cron: task.schedule, timeZone: "Etc/UTC" } }),
  })),
  blockedPaths: storeEdge.blockedPaths,
  restrictedPaths: storeEdge.admin.pathPrefixes,
  requestsPerMinutePerAddress: storeEdge.requestsPerMinutePerAddress,
  countedPaths: storeEdge.countedPaths,
  headers: { "Content-Security-Policy": storeEdge.headers.contentSecurityPolicy },
  monitoring: store.contract,
  exporters: store.contract.exporters,
  ownerVariables: [],
  repositories: [],
};

/** The systems whose programs run on the cluster. */
export const clusterSystems: readonly ClusterSystem[] = [storeOnCluster, retailOnCluster, casesOnCluster];

const byComponent: ReadonlyMap<string, SwitchedComponent> = new Map(
  clusterSystems.flatMap(({ components }) => components.map((component) => [component.name, component])),
);

/** The component, and the colour, that an object of this name (`retail-backend-blue`) is of; undefined for any other. */
export function switchedSide(
  objectName: string,
): { readonly component: SwitchedComponent; readonly colour: Colour } | undefined {
  const colour = colours.find((candidate) => objectName.endsWith(`-${candidate}`));
  const component = colour && byComponent.get(objectName.slice(0, -colour.length - 1));
  return colour && component && { component, colour };
}

/** The component that a Deployment of this name is a colour of; undefined for any other. */
export function switchedComponent(deploymentName: string): SwitchedComponent | undefined {
  return switchedSide(deploymentName)?.component;
}

/**
 * Names of the Services in a namespace whose selector a track moves: each has the name of its component. That the tracks
 * are there, and switch these, is for `track-for-each-switch` and `track-service-port` to say.
 */
export function activeServicesIn(namespace: string): readonly string[] {
  return clusterSystems
    .filter((system) => system.namespace === namespace)
    .flatMap(({ components }) => components.filter(({ servicePort }) => servicePort !== undefined))
    .map(({ name }) => name);
}
