import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet";
import { Service } from "@pulumi/kubernetes/core/v1/service";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget";
import type * as inputs from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";
import type { ContainerResources, Egress, HttpProbe, Ingress, WritableFolder } from "./app-component";
import { labelsOf } from "./labels";
import { allow } from "./network-policies";
import { objectOf, workloadTimeouts } from "./options";
import { containerSecurity, podSecurityOf } from "./pod-template";
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
  /** Environment variable to key of a Secret, and that Secret's name. @default - none */
  readonly secretVariables?: { readonly secret: string; readonly keys: Readonly<Record<string, string>> };
  readonly resources: ContainerResources;
  /** The disk of each replica. It outlives the set: nothing here deletes it. */
  readonly disk: { readonly mountPath: string; readonly size: string; readonly storageClass: string };
  readonly writableFolders?: readonly WritableFolder[];
  /** Secrets mounted as files, by name of the volume. */
  readonly secretFiles?: readonly {
    readonly name: string;
    readonly secret: string;
    readonly mountPath: string;
  }[];
  readonly probe: HttpProbe & { readonly scheme: "HTTP" | "HTTPS" };
  readonly userId: number;
  readonly ingress: readonly Ingress[];
  readonly egress: readonly Egress[];
  /** Client id of the identity it signs in to Azure with. @default - none */
  readonly identityClientId?: pulumi.Input<string>;
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
    const account = new ServiceAccount(
      `${name}-account`,
      {
        metadata: {
          ...metadata(),
          ...(identityClientId !== undefined && {
            annotations: { "azure.workload.identity/client-id": identityClientId },
          }),
        },
        automountServiceAccountToken: false,
      },
      within,
    );
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
    new StatefulSet(
      name,
      { metadata: metadata(), spec: statefulSetSpec(args, labels) },
      objectOf(this, {
        dependsOn: [account, headless],
        protect: args.guarded,
        timeouts: workloadTimeouts,
      }),
    );
    this.registerOutputs({});
  }
}

const diskName = "data";

function statefulSetSpec(
  args: StatefulServiceArgs,
  labels: Readonly<Record<string, string>>,
): inputs.apps.v1.StatefulSetSpec {
  const selector = { app: args.objectName };
  return {
    serviceName: `${args.objectName}-peers`,
    replicas: args.replicas,
    podManagementPolicy: "Parallel",
    updateStrategy: { type: "RollingUpdate" },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    selector: { matchLabels: selector },
    template: {
      metadata: {
        labels: {
          ...labels,
          ...(args.identityClientId !== undefined && { "azure.workload.identity/use": "true" }),
        },
        ...(args.annotations && { annotations: { ...args.annotations } }),
      },
      spec: podSpec(args),
    },
    volumeClaimTemplates: [
      {
        metadata: { name: diskName },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: args.disk.storageClass,
          resources: { requests: { storage: args.disk.size } },
        },
      },
    ],
  };
}

function podSpec(args: StatefulServiceArgs): inputs.core.v1.PodSpec {
  const { objectName, probe, secretVariables, writableFolders = [], secretFiles = [] } = args;
  const { path, port = args.port, scheme, ...times } = probe;
  const check = { httpGet: { path, port, scheme }, ...times };
  return {
    serviceAccountName: objectName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurityOf(args.userId),
    terminationGracePeriodSeconds: 120,
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "DoNotSchedule",
        nodeTaintsPolicy: "Honor",
        labelSelector: { matchLabels: { app: objectName } },
      }),
    ),
    containers: [
      {
        name: objectName,
        image: args.image,
        imagePullPolicy: "IfNotPresent",
        ports: [
          { name: "http", containerPort: args.port, protocol: "TCP" },
          { name: "peers", containerPort: args.peerPort, protocol: "TCP" },
        ],
        env: [
          ...Object.entries(args.environmentVariables).map(([name, value]) => ({ name, value })),
          { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
          ...Object.entries(secretVariables?.keys ?? {}).map(([name, key]) => ({
            name,
            valueFrom: { secretKeyRef: { name: secretVariables!.secret, key } },
          })),
        ],
        resources: { requests: { ...args.resources.requests }, limits: { ...args.resources.limits } },
        securityContext: containerSecurity,
        startupProbe: { ...check, failureThreshold: 30 },
        readinessProbe: check,
        livenessProbe: { ...check, failureThreshold: probe.failureThreshold * 3 },
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
          { name: diskName, mountPath: args.disk.mountPath },
          ...writableFolders.map(({ name, mountPath }) => ({ name, mountPath })),
          ...secretFiles.map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
        ],
      },
    ],
    volumes: [
      ...writableFolders.map(({ name, sizeLimit }) => ({ name, emptyDir: { sizeLimit } })),
      ...secretFiles.map(({ name, secret }) => ({ name, secret: { secretName: secret } })),
    ],
  };
}
