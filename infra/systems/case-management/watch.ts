import type * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import type { SystemNamespace } from "../../kubernetes/system-namespace";
import { ScrapeMonitors } from "../../monitoring/scrape-monitors";
import { declareSystemAlerts } from "../../monitoring/system-alerts";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import { declareExporters, exportersOf } from "./exporters";
import type { Hosts } from "./hosts";
import type { Identities } from "./identities";
import type { CaseManagementNames } from "./names";
import type { SecretValues } from "./secrets";

export interface WatchArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: CaseManagementNames;
  readonly settings: SystemSettings<"case-management">;
  readonly hosts: Hosts;
  readonly platform: PlatformServices;
  readonly namespace: SystemNamespace;
  readonly values: SecretValues;
  readonly identities: Identities;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
  /** Options of what is made on the cluster. */
  readonly onCluster: pulumi.ComponentResourceOptions;
}

/** Action groups, every alert of the contract, exporters and what is scraped, the budget. */
export function declareWatch(args: WatchArgs): void {
  declareSystemAlerts({ ...args, contract, baseName: "case", shortName: "cases" });
  declareExporters(args);
  new ScrapeMonitors(
    `${args.name}-scrape`,
    {
      system: contract.system,
      environment: args.settings.stack.environment,
      namespace: contract.namespace.name,
      exporters: exportersOf(args.hosts),
    },
    { ...args.onCluster, dependsOn: [args.namespace.namespace] },
  );
}
