import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import * as pulumi from "@pulumi/pulumi";
import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import { childOf } from "../../azure/component";
import { BlueGreen } from "../../kubernetes/blue-green";
import { type ObservedSides, observeSides } from "../../kubernetes/observed-sides";
import { SystemNamespace } from "../../kubernetes/system-namespace";
import { nameScopeOf } from "../../naming";
import { placementOf } from "../../placement";
import { SecretSource } from "../../secret-source";
import type { SystemSettings } from "../../settings";
import type { SystemContext, SystemOutputs } from "..";
import type { PlatformServices } from "../platform/services";
import { componentsOf } from "./components";
import { declareFoundation } from "./data";
import { declareEdge } from "./edge";
import { exporterAccounts } from "./exporters";
import { declareIdentities } from "./identities";
import { kiranaStoreNames } from "./names";
import { kiranaStoreOutputs } from "./outputs";
import { quotaOf } from "./quota";
import { secretValues } from "./secrets";
import { declareTasks, sideJobs } from "./tasks";
import { switchesOf } from "./traffic";
import { declareWatch } from "./watch";

type Settings = SystemSettings<"kirana-store">;

/** @throws Error when the stack has no `platform`, or what is live cannot be asked for. */
export async function declareKiranaStore(
  settings: Settings,
  { platform }: SystemContext,
): Promise<SystemOutputs> {
  if (!platform) throw new Error("kirana-store needs the platform's cluster, and the stack has none");
  const { host, sides } = settings.own;
  const observed = await observeSides(contract.system, switchesOf(platform, host), sides);
  return new KiranaStore(contract.system, { settings, platform, observed }).stackOutputs;
}

export interface KiranaStoreArgs {
  readonly settings: Settings;
  readonly platform: PlatformServices;
  readonly observed: ObservedSides;
}

/** kirana-store whole: two colours of ten containers behind one weighted route, and what they stand on. */
export class KiranaStore extends pulumi.ComponentResource {
  /** What the next human or tool needs. */
  readonly stackOutputs: SystemOutputs;

  constructor(
    name: string,
    { settings, platform, observed }: KiranaStoreArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("switchyard:systems:KiranaStore", name, {}, options);
    const { environment } = settings.stack;
    const names = kiranaStoreNames(nameScopeOf(settings), settings.own.vaultName);
    const placement = placementOf(contract.system, settings, names.resourceGroup);
    const group = new ResourceGroup(
      `${name}-group`,
      { resourceGroupName: names.resourceGroup, location: placement.location, tags: placement.tags },
      childOf(this),
    );
    const shared = { name, placement, names, settings, platform, parent: this, group };

    const secrets = new SecretSource(name, this);
    const foundation = declareFoundation({ ...shared, secrets });
    const values = secretValues(secrets, settings.own, foundation);
    const written = Object.values(foundation.vault.writeAll(contract, values));
    const identities = declareIdentities({ ...shared, foundation, exporterAccounts });

    const onCluster: pulumi.ComponentResourceOptions = {
      parent: this,
      provider: platform.kubernetes.provider,
      dependsOn: [...platform.ready.cluster, ...written],
    };
    const namespace = new SystemNamespace(
      `${name}-space`,
      { system: contract.system, environment, quota: quotaOf(environment), guarded: placement.guarded },
      onCluster,
    );
    new BlueGreen(
      `${name}-sides`,
      {
        system: contract.system,
        environment,
        namespace,
        components: componentsOf({ ...shared, backendClientId: identities.backend.clientId }),
        sides: settings.own.sides,
        initial: contract.ramp.initial,
        observed,
        jobs: sideJobs(),
        gateway: platform.gateway,
        emulated: platform.kubernetes.emulated,
        guarded: placement.guarded,
        journal: placement.journal,
      },
      onCluster,
    );
    const { emulated } = platform.kubernetes;
    declareTasks({ name, settings, names, namespace, identities, emulated, options: onCluster });
    const edge = declareEdge(shared);
    declareWatch({ ...shared, namespace, values, identities, onCluster });

    this.stackOutputs = kiranaStoreOutputs({ ...shared, foundation, edge, observed });
    this.registerOutputs({});
  }
}
