import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import * as pulumi from "@pulumi/pulumi";
import { tesoroXp as contract } from "../../../runbooks/tesoro-xp";
import { childOf } from "../../azure/component";
import { nameScopeOf } from "../../naming";
import { placementOf } from "../../placement";
import { SecretSource } from "../../secret-source";
import type { SystemSettings } from "../../settings";
import type { SystemContext, SystemOutputs } from "..";
import { declareApp } from "./app";
import { declareFoundation } from "./foundation";
import { tesoroNames } from "./names";
import { tesoroOutputs } from "./outputs";
import { secretValues } from "./secrets";
import { declareTasks } from "./tasks";
import { declareWatch } from "./watch";

export function declareTesoroXp(
  settings: SystemSettings<"tesoro-xp">,
  { platform }: SystemContext,
): SystemOutputs {
  return new TesoroXp("tesoro-xp", { settings, grafanaUrl: platform?.grafanaUrl }).stackOutputs;
}

interface TesoroXpArgs {
  readonly settings: SystemSettings<"tesoro-xp">;
  /** Where the system's dashboard is; absent in a stack without a platform. */
  readonly grafanaUrl: pulumi.Input<string> | undefined;
}

/** tesoro-xp whole: app with its slot, database, backups, vault, network, telemetry and who hears of it. */
export class TesoroXp extends pulumi.ComponentResource {
  /** What the next human or tool needs. */
  readonly stackOutputs: SystemOutputs;

  constructor(
    name: string,
    { settings, grafanaUrl }: TesoroXpArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("switchyard:systems:TesoroXp", name, {}, options);
    const { own } = settings;
    const names = tesoroNames(nameScopeOf(settings), own);
    const placement = placementOf(contract.system, settings, names.resourceGroup);
    const group = new ResourceGroup(
      `${name}-group`,
      { resourceGroupName: names.resourceGroup, location: placement.location, tags: placement.tags },
      childOf(this),
    );
    const foundation = declareFoundation(name, placement, names, settings, this, group);
    const source = new SecretSource(name, this);
    const values = secretValues(source, own, names, foundation);
    const secrets = foundation.vault.writeAll(contract, values);
    const common = { name, placement, names, foundation, parent: this };
    const app = declareApp({ ...common, settings, secrets: Object.values(secrets) });
    const tasks = declareTasks({ ...common, settings, secrets });
    declareWatch({ ...common, own, app, source, values, group });
    this.stackOutputs = tesoroOutputs({ settings, placement, names, foundation, app, tasks, grafanaUrl });
    this.registerOutputs({});
  }
}
