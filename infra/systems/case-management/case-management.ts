import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import { childOf } from "../../azure/component";
import { BlueGreen } from "../../kubernetes/blue-green";
import { colourName } from "../../kubernetes/labels";
import { type ObservedSides, observeSides, type TrafficSwitch } from "../../kubernetes/observed-sides";
import { SystemNamespace } from "../../kubernetes/system-namespace";
import { nameScopeOf } from "../../naming";
import { placementOf } from "../../placement";
import { SecretSource } from "../../secret-source";
import type { SystemSettings } from "../../settings";
import type { SystemContext, SystemOutputs } from "..";
import type { PlatformServices } from "../platform/services";
import { componentsOf } from "./components";
import { declareEdge, declareRoutes } from "./edge";
import { declareFoundation } from "./foundation";
import { hostsOf } from "./hosts";
import { declareIdentities } from "./identities";
import { caseManagementNames } from "./names";
import { caseManagementOutputs } from "./outputs";
import { quotaOf } from "./quota";
import { secretValues } from "./secrets";
import { declareTasks, sideJobs } from "./tasks";
import { declareWatch } from "./watch";

type Settings = SystemSettings<"case-management">;

/** @throws Error when the stack has no `platform`, or what is live cannot be asked for. */
export async function declareCaseManagement(
  settings: Settings,
  { platform }: SystemContext,
): Promise<SystemOutputs> {
  if (!platform) throw new Error("case-management needs the platform's cluster, and the stack has none");
  const observed = await observeSides(contract.system, switchesOf(platform), settings.own.sides);
  return new CaseManagement(contract.system, { settings, platform, observed }).stackOutputs;
}

/** Backend and frontend have a host each, so a Service each, so a track each; the contract orders them. */
export function switchesOf(platform: PlatformServices): readonly TrafficSwitch[] {
  return contract.components.order.map((component) => ({
    track: `${component}-track`,
    target: {
      kind: "selector",
      namespace: contract.namespace.name,
      service: component,
      ports: [{ name: "http", port: contract.components.backend.servicePort, targetPort: "http" }],
      selector: { app: component },
      components: {
        [component]: { blue: colourName(component, "blue"), green: colourName(component, "green") },
      },
      ...platform.kubernetes.choice,
    },
  }));
}

export interface CaseManagementArgs {
  readonly settings: Settings;
  readonly platform: PlatformServices;
  readonly observed: ObservedSides;
}

/** case-management whole: both components in two colours, and what they stand on. */
export class CaseManagement extends pulumi.ComponentResource {
  /** What the next human or tool needs. */
  readonly stackOutputs: SystemOutputs;

  constructor(
    name: string,
    { settings, platform, observed }: CaseManagementArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("switchyard:systems:CaseManagement", name, {}, options);
    const { environment } = settings.stack;
    const names = caseManagementNames(nameScopeOf(settings), settings.own.vaultName);
    const placement = placementOf(contract.system, settings, names.resourceGroup);
    const hosts = hostsOf(environment, settings.own.domain);
    const group = new ResourceGroup(
      `${name}-group`,
      {
        resourceGroupName: names.resourceGroup,
        location: placement.location,
        tags: placement.tags,
      },
      childOf(this),
    );
    const shared = { name, placement, names, settings, hosts, platform, parent: this, group };

    const secrets = new SecretSource(name, this);
    const foundation = declareFoundation({ ...shared, secrets });
    const values = secretValues(secrets, settings.own, foundation);
    const written = Object.values(foundation.vault.writeAll(contract, values));
    const identities = declareIdentities({ ...shared, foundation });

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
    const sides = new BlueGreen(
      `${name}-sides`,
      {
        system: contract.system,
        environment,
        namespace,
        components: componentsOf({ ...shared, backendClientId: identities.backend.clientId }),
        sides: settings.own.sides,
        initial: "blue",
        observed,
        jobs: sideJobs(),
        gateway: platform.gateway,
        emulated: platform.kubernetes.emulated,
        guarded: placement.guarded,
        journal: placement.journal,
      },
      onCluster,
    );
    declareTasks({
      ...shared,
      namespace,
      foundation,
      clientId: identities.tasks.clientId,
      emulated: platform.kubernetes.emulated,
      options: onCluster,
    });
    declareRoutes({ environment, names, hosts, platform, parent: sides, dependsOn: sides.tracks });
    const edge = declareEdge(shared);
    declareWatch({ ...shared, namespace, values, identities, onCluster });

    this.stackOutputs = caseManagementOutputs({ ...shared, foundation, edge, observed });
    this.registerOutputs({});
  }
}
