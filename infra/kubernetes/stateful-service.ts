import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet";
import { Service } from "@pulumi/kubernetes/core/v1/service";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget";
import * as pulumi from "@pulumi/pulumi";
import type {
  ComponentSecrets,
  ContainerResources,
  Egress,
  HttpProbe,
  Ingress,
  WritableFolder,
} from "./app-component";
import { labelsOf } from "./labels";
import { allow } from "./network-policies";
import { objectOf, workloadTimeouts } from "./options";
import { secretProviderClass } from "./secret-provider-class";
import { serviceAccount } from "./service-account";
import { statefulSetSpec } from "./stateful-set-spec";
import type { SystemNamespace } from "./system-namespace";

export interface StatefulServiceArgs {
  readonly system: string;
  readonly environment: string;
  readonly namespace: SystemNamespace;
  readonly objectName: string;
  /** By digest. */
  readonly image: string;
  readonly replicas: number;
  /** Port that clients use. */
  readonly port: number;
  /** Port between the replicas. */
  readonly peerPort: number;
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** Environment variables that the vault's driver brings. @default - none */
  readonly secrets?: ComponentSecrets;
  /** Secrets of the namespace that become files, such as a certificate. @default - none */
  readonly secretFiles?: readonly {
    readonly name: string;
    readonly secret: string;
    readonly mountPath: string;
  }[];
  readonly resources: ContainerResources;
  /** The disk of each replica. It outlives the set: nothing here deletes it. */
  readonly disk: { readonly mountPath: string; readonly size: string; readonly storageClass: string };
  readonly writableFolders?: readonly WritableFolder[];
  /**
   * What runs in the same image before each start, to fill a writable folder: it sees the folder at `mountPath` and what
   * the image has in its place.
   * @default - nothing
   */
  readonly preparation?: {
    readonly command: readonly string[];
    readonly folder: string;
    readonly mountPath: string;
  };
  /** Asks whether the port takes connections: a store that wants a login answers everybody else with an error. */
  readonly probe: Pick<HttpProbe, "periodSeconds" | "timeoutSeconds" | "failureThreshold">;
  readonly userId: number;
  readonly ingress: readonly Ingress[];
  readonly egress: readonly Egress[];
  /** Client id of the identity it signs in to Azure with. @default - none */
  readonly identityClientId?: pulumi.Input<string>;
  /**
   * Where the program finds that identity's token, when it may read below a folder of its own alone.
   * @default - where the cluster's webhook puts it
   */
  readonly identityTokenFolder?: string;
  /** @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly guarded: boolean;
}

/**
 * A data store inside the cluster, with a disk per replica. Neither blue nor green: both sides share it. Its replicas
 * are declared, because no release scales it.
 */
export class StatefulService extends pulumi.ComponentResource {
  /** Name under which clients in the namespace reach it. */
  readonly host: string;

  constructor(name: string, args: StatefulServiceArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:kubernetes:StatefulService", name, {}, options);
    const { objectName, port, peerPort, ingress, egress, identityClientId } = args;
    const namespace = args.namespace.namespaceName;
    const within = objectOf(this, { dependsOn: [args.namespace.namespace] });
    const labels = labelsOf({ ...args, component: objectName });
    const selector = { app: objectName };
    const metadata = (own = objectName) => ({ name: own, namespace, labels });
    this.host = objectName;
    const account = serviceAccount(`${name}-account`, { metadata: metadata(), identityClientId }, within);
    const peers = { toComponent: objectName, ports: [peerPort] };
    new NetworkPolicy(
      `${name}-network`,
      {
        metadata: metadata(),
        spec: allow({
          component: objectName,
          port,
          ingress: [...ingress, { labels: selector, ports: [peerPort] }],
          egress: [...egress, peers],
        }),
      },
      within,
    );
    const ports = [
      { name: "http", port, targetPort: "http", protocol: "TCP" },
      { name: "peers", port: peerPort, targetPort: "peers", protocol: "TCP" },
    ];
    const skipAwait = { "pulumi.com/skipAwait": "true" };
    new Service(
      `${name}-service`,
      {
        metadata: { ...metadata(), annotations: skipAwait },
        spec: { type: "ClusterIP", selector, ports: ports.slice(0, 1) },
      },
      within,
    );
    const headless = new Service(
      `${name}-peers`,
      {
        metadata: { ...metadata(`${objectName}-peers`), annotations: skipAwait },
        // Replicas find each other before they are ready.
        spec: { clusterIP: "None", publishNotReadyAddresses: true, selector, ports },
      },
      within,
    );
    new PodDisruptionBudget(
      `${name}-budget`,
      { metadata: metadata(), spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
      within,
    );
    const before: pulumi.Resource[] = [account, headless];
    if (args.secrets) {
      if (identityClientId === undefined)
        throw new Error(`${objectName} has secrets and no identity to read them with`);
      before.push(
        secretProviderClass(
          `${name}-secrets`,
          {
            namespace,
            objectName,
            labels,
            secrets: args.secrets,
            clientId: identityClientId,
            syncedSecret: `${objectName}-secrets`,
          },
          within,
        ),
      );
    }
    new StatefulSet(
      name,
      { metadata: metadata(), spec: statefulSetSpec(args, labels) },
      objectOf(this, {
        dependsOn: before,
        protect: args.guarded,
        timeouts: workloadTimeouts,
      }),
    );
    this.registerOutputs({});
  }
}
