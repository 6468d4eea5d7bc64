import type {
  GatewayTarget,
  SelectorTarget,
  SlotsTarget,
  StaticSiteTarget,
  Target,
} from "../../runbooks/target";
import { gatewayTraffic } from "../targets/gateway";
import { type Json, listAt, mapAt } from "../targets/json";
import type { Lease } from "../targets/lease";
import { parseRetained } from "../targets/retained";
import { selectorTraffic } from "../targets/selector";
import { describeTarget, productionSide, sidesOf } from "../targets/sides";
import type { Sighting } from "../targets/sighting";
import { slotTraffic } from "../targets/slots";
import { workloadsOf } from "../targets/workloads";
import { Accesses } from "./accesses";
import { ArmReader } from "./arm";
import { AzureLogin, type Environment } from "./azure-login";
import { KubernetesClient } from "./kubernetes";
import { KubernetesRefusal } from "./kubernetes-refusal";
import { type LeasePlace, readLease } from "./lease-store";
import { objectPath, workloadsPath } from "./paths";

const webApiVersion = "2025-05-01";

/** What lasts for a whole run. */
export interface Outside {
  readonly login: AzureLogin;
  readonly accesses: Accesses;
  /** Folder of the local state. */
  readonly stateDir: string | undefined;
}

/** @param env where `KUBECONFIG`, `SWITCHYARD_STATE_DIR` and the login of Azure are looked for */
export function outsideOf(env: Environment): Outside {
  const login = new AzureLogin(env);
  return {
    login,
    accesses: new Accesses(login, env.KUBECONFIG),
    stateDir: env.SWITCHYARD_STATE_DIR || undefined,
  };
}

export type ClusterTarget = SelectorTarget | GatewayTarget;

export function isClusterTarget(target: Target): target is ClusterTarget {
  return target.kind === "selector" || target.kind === "gateway";
}

/** Everything outside that decides or shows where a system's traffic goes, read at the moment it is asked. */
export class World {
  private readonly arm: ArmReader;

  /**
   * @param outside what lasts for a whole run
   * @param signal stops what is under way
   */
  constructor(
    private readonly outside: Outside,
    private readonly signal?: AbortSignal,
  ) {
    this.arm = new ArmReader(outside.login, outside.stateDir, signal);
  }

  /** @throws UserError when nobody answers, or what is there makes no sense */
  look(target: Target): Promise<Sighting> {
    switch (target.kind) {
      case "selector":
      case "gateway":
        return this.lookAtCluster(target);
      case "slots":
        return this.lookAtSlots(target);
      case "staticSite":
        return this.lookAtStaticSite(target);
    }
  }

  /** @returns undefined when the cluster does not exist yet */
  async cluster(target: ClusterTarget): Promise<KubernetesClient | undefined> {
    const access = await this.outside.accesses.to(target, this.arm);
    return access && new KubernetesClient(access, this.signal);
  }

  /**
   * Who releases a system at this moment.
   * @param place the stack, and the address of the container of its journals; dev without one looks at the local state
   */
  async lease(system: string, place: Pick<LeasePlace, "stack" | "journal">): Promise<Lease | undefined> {
    const { stateDir, login } = this.outside;
    return readLease(system, { ...place, stateDir }, login, this.signal);
  }

  private async lookAtCluster(target: ClusterTarget): Promise<Sighting> {
    const cluster = await this.cluster(target);
    if (cluster === undefined) return nothing("the cluster does not exist yet");
    const [object, deployments] = await Promise.all([
      findKnownKind(cluster, objectPath(target)),
      cluster.list(workloadsPath(target)),
    ]);
    const workloads = workloadsOf(target, deployments);
    if (typeof object === "string") return { ...nothing(object), workloads };
    if (object === undefined)
      return { ...nothing(`${describeTarget(target)} does not exist yet`), workloads };
    const annotations = mapAt(object, "metadata", "annotations");
    return {
      exists: true,
      traffic: target.kind === "selector" ? selectorTraffic(target, object) : gatewayTraffic(target, object),
      workloads,
      retained: parseRetained(annotations, sidesOf(target), describeTarget(target)),
    };
  }

  private async lookAtSlots(target: SlotsTarget): Promise<Sighting> {
    const [configuration, slot] = await Promise.all([
      this.arm.get(`${target.siteId}/config/web`, webApiVersion),
      this.arm.get(`${target.siteId}/slots/${target.slot}`, webApiVersion),
    ]);
    if (configuration === undefined) return nothing(`${describeTarget(target)} does not exist yet`);
    const hosts = slot === undefined ? [] : hostsOf(slot);
    return { exists: true, traffic: slotTraffic(target, configuration, hosts), workloads: [] };
  }

  private async lookAtStaticSite(target: StaticSiteTarget): Promise<Sighting> {
    const site = await this.arm.get(target.siteId, webApiVersion);
    if (site === undefined) return nothing(`${describeTarget(target)} does not exist yet`);
    return { exists: true, traffic: { [productionSide]: 100 }, workloads: [] };
  }
}

function nothing(reason: string): Sighting {
  return { exists: false, traffic: {}, workloads: [], reason };
}

/** @returns the reason as a text when the cluster does not have the kind: its CRD comes with the first `up` */
async function findKnownKind(cluster: KubernetesClient, path: string): Promise<Json | string | undefined> {
  try {
    return await cluster.find(path);
  } catch (error) {
    if (error instanceof KubernetesRefusal && error.isMissingKind) return error.message;
    throw error;
  }
}

function hostsOf(slot: Json): readonly string[] {
  const properties = mapAt(slot, "properties");
  return [...new Set([properties.defaultHostName, ...listAt(properties, "hostNames")])].filter(
    (host): host is string => typeof host === "string",
  );
}
