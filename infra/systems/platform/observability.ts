import * as pulumi from "@pulumi/pulumi";
import type { ManagedPrometheus } from "../../azure/managed-prometheus";
import { WorkloadIdentity } from "../../azure/workload-identity";
import type { Cluster } from "../../kubernetes/cluster";
import { SystemNamespace } from "../../kubernetes/system-namespace";
import { declareAddonSettings } from "../../monitoring/addon-settings";
import { everyDashboard, everyMetricContract } from "../../monitoring/every-contract";
import { GrafanaPublisher, publisherName } from "../../monitoring/grafana-publisher";
import type { Placement } from "../../placement";

export interface ObservabilityArgs extends Placement {
  readonly environment: string;
  readonly kubernetes: Cluster;
  readonly oidcIssuerUrl: pulumi.Input<string>;
  readonly identityName: string;
  readonly prometheus: ManagedPrometheus;
  /** Azure CLI, by digest. */
  readonly publisherImage: string;
}

/** Not the gateway's namespace, whose pods need more than the restricted standard lets them. */
const namespaceName = "observability";
/** It holds one job at a time. */
const quota = { requestedCpu: "1", requestedMemory: "1Gi", memoryLimit: "2Gi", pods: 5 };

/** What the scraper keeps, and the dashboards of all systems (docs/adr/0081, 0082). */
export class Observability extends pulumi.ComponentResource {
  constructor(name: string, args: ObservabilityArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:platform:Observability", name, {}, options);
    const { environment, prometheus } = args;
    const onCluster = { parent: this, provider: args.kubernetes.provider };
    const identity = new WorkloadIdentity(
      `${name}-identity`,
      {
        ...args,
        serviceAccounts: [{ namespace: namespaceName, serviceAccount: publisherName }],
        grants: [{ role: "grafanaEditor", scope: prometheus.grafanaId, scopeResource: prometheus.grafana }],
      },
      { parent: this },
    );
    const namespace = new SystemNamespace(
      `${name}-space`,
      { system: "platform", environment, namespaceName, quota, guarded: args.guarded },
      onCluster,
    );
    declareAddonSettings(`${name}-scraper`, everyMetricContract, onCluster);
    new GrafanaPublisher(
      `${name}-dashboards`,
      {
        environment,
        namespace,
        systems: everyDashboard,
        grafanaEndpoint: prometheus.grafana.properties.endpoint,
        identityClientId: identity.clientId,
        image: args.publisherImage,
        // Entra and Grafana, whose addresses are nobody's to list.
        egress: [{ ranges: ["0.0.0.0/0"], ports: [443] }],
      },
      onCluster,
    );
    this.registerOutputs({});
  }
}
