import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import * as pulumi from "@pulumi/pulumi";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
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
import { retailNames } from "./names";
import { retailOutputs } from "./outputs";
import { quotaOf } from "./quota";
import { declareSearch } from "./search";
import { backendVariables, secretValues } from "./secrets";
import { declareTasks, sideJobs } from "./tasks";
import { declareWatch } from "./watch";

type Settings = SystemSettings<"retail-agentic">;

/** @throws Error when the stack has no `platform`, or what is live cannot be asked for. */
export async function declareRetailAgentic(
  settings: Settings,
  { platform }: SystemContext,
): Promise<SystemOutputs> {
  if (!platform) throw new Error("retail-agentic needs the platform's cluster, and the stack has none");
  const observed = await observeSides(contract.system, switchesOf(platform), settings.own.sides);
  return new RetailAgentic(contract.system, { settings, platform, observed }).stackOutputs;
}

/**
 * Backend and web apps have a host each, so a Service each, so a track each; the contract orders them. A switch sets the
 * label `deployment` of the Service's selector (RET-069).
 */
export function switchesOf(platform: PlatformServices): readonly TrafficSwitch[] {
  const { backend, consumerWeb, adminWeb } = contract.components;
  return [backend, consumerWeb, adminWeb].map(({ name, servicePort }) => ({
    track: `${name}-track`,
    target: {
      kind: "selector",
      namespace: contract.namespace.name,
      service: name,
      ports: [{ name: "http", port: servicePort, targetPort: "http" }],
      selector: { app: name },
      components: { [name]: { blue: colourName(name, "blue"), green: colourName(name, "green") } },
      ...platform.kubernetes.choice,
    },
  }));
}

export interface RetailAgenticArgs {
  readonly settings: Settings;
  readonly platform: PlatformServices;
  readonly observed: ObservedSides;
}

/** retail-agentic whole: three components in two colours, and what they stand on. */
export class RetailAgentic extends pulumi.ComponentResource {
  /** What the next human or tool needs. */
  readonly stackOutputs: SystemOutputs;

  constructor(
    name: string,
    { settings, platform, observed }: RetailAgenticArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("switchyard:systems:RetailAgentic", name, {}, options);
    const { environment } = settings.stack;
    const searchInCluster = settings.own.elasticsearch === "in-cluster";
    const names = retailNames(nameScopeOf(settings), settings.own.vaultName);
    const placement = placementOf(contract.system, settings, names.resourceGroup);
    const { guarded } = placement;
    const { provider, emulated } = platform.kubernetes;
    const hosts = hostsOf(environment, settings.own.domain);
    const group = new ResourceGroup(
      `${name}-group`,
      { resourceGroupName: names.resourceGroup, location: placement.location, tags: placement.tags },
      childOf(this),
    );
    const shared = {
      name,
      placement,
      names,
      settings,
      hosts,
      platform,
      searchInCluster,
      parent: this,
      group,
    };

    const secrets = new SecretSource(name, this);
    const foundation = declareFoundation({ ...shared, secrets });
    const values = secretValues(secrets, settings.own, foundation);
    const written = Object.values(foundation.vault.writeAll(contract, values));
    const identities = declareIdentities({ ...shared, foundation });

    const onCluster: pulumi.ComponentResourceOptions = {
      parent: this,
      provider,
      dependsOn: [...platform.ready.cluster, ...written],
    };
    const namespace = new SystemNamespace(
      `${name}-space`,
      { system: contract.system, environment, quota: quotaOf(environment, searchInCluster), guarded },
      onCluster,
    );
    const sides = new BlueGreen(
      `${name}-sides`,
      {
        system: contract.system,
        environment,
        namespace,
        components: componentsOf({
          ...shared,
          secrets: {
            vaultName: names.vault,
            tenantId: settings.azure.tenantId,
            variables: backendVariables(),
          },
          backendClientId: identities.backend.clientId,
        }),
        sides: settings.own.sides,
        initial: "blue",
        observed,
        jobs: sideJobs(environment),
        gateway: platform.gateway,
        emulated,
        guarded,
        journal: placement.journal,
      },
      onCluster,
    );
    if (searchInCluster) {
      const { clientId } = identities.search;
      declareSearch({ ...shared, namespace, clientId, emulated, guarded, onCluster });
    }
    const { clientId } = identities.tasks;
    declareTasks({ ...shared, namespace, foundation, clientId, emulated, onCluster });
    declareRoutes({ environment, names, hosts, platform, parent: sides, dependsOn: sides.tracks });
    const edge = declareEdge(shared);
    declareWatch({ ...shared, namespace, values, onCluster });

    this.stackOutputs = retailOutputs({ ...shared, foundation, edge, observed });
    this.registerOutputs({});
  }
}
