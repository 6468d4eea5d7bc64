import type * as inputs from "@pulumi/kubernetes/types/input";
import { tokenAudience } from "../azure/workload-identity";
import { containerSecurity, podSecurityOf } from "./pod-template";
import { secretVariables, syncedKeys } from "./secret-variables";
import type { StatefulServiceArgs } from "./stateful-service";

const diskName = "data";
const secretsVolume = "secrets";
/** Volume and file of the identity's token; where both are there by these names, the cluster's webhook adds neither. */
const identityToken = "azure-identity-token";
/** As long as the webhook's own lasts; the kubelet puts a new one there in time. */
const identityTokenSeconds = 3600;
/** Writes back what is in memory; more than any store here needs. */
const terminationGraceSeconds = 120;
/** Probes that a start may fail: a store reads its disk first. */
const startupFailures = 30;
/** How many times more often the store may fail before it is restarted than before it gets no requests. */
const restartPatience = 3;

export function statefulSetSpec(
  args: StatefulServiceArgs,
  labels: Readonly<Record<string, string>>,
): inputs.apps.v1.StatefulSetSpec {
  return {
    serviceName: `${args.objectName}-peers`,
    replicas: args.replicas,
    podManagementPolicy: "Parallel",
    updateStrategy: { type: "RollingUpdate" },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    selector: { matchLabels: { app: args.objectName } },
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
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
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
  const { objectName, secrets, secretFiles = [], preparation, writableFolders = [] } = args;
  return {
    serviceAccountName: objectName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurityOf(args.userId),
    terminationGracePeriodSeconds: terminationGraceSeconds,
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "DoNotSchedule",
        nodeTaintsPolicy: "Honor",
        labelSelector: { matchLabels: { app: objectName } },
      }),
    ),
    ...(preparation && { initContainers: [preparationContainer(args, preparation)] }),
    containers: [container(args)],
    volumes: [
      ...writableFolders.map(({ name, sizeLimit }) => ({ name, emptyDir: { sizeLimit } })),
      ...secretFiles.map(({ name, secret }) => ({ name, secret: { secretName: secret } })),
      ...(args.identityTokenFolder === undefined ? [] : [identityTokenVolume]),
      ...(secrets
        ? [
            {
              name: secretsVolume,
              csi: {
                driver: "secrets-store.csi.k8s.io",
                readOnly: true,
                volumeAttributes: { secretProviderClass: objectName },
              },
            },
          ]
        : []),
    ],
  };
}

const identityTokenVolume = {
  name: identityToken,
  projected: {
    sources: [
      {
        serviceAccountToken: {
          audience: tokenAudience,
          expirationSeconds: identityTokenSeconds,
          path: identityToken,
        },
      },
    ],
  },
};

function container(args: StatefulServiceArgs): inputs.core.v1.Container {
  const { probe, secrets, secretFiles = [], writableFolders = [], identityTokenFolder } = args;
  const check = { tcpSocket: { port: args.port }, ...probe };
  const both = common(args);
  return {
    ...both,
    name: args.objectName,
    env: [
      ...both.env,
      ...(identityTokenFolder === undefined
        ? []
        : [{ name: "AZURE_FEDERATED_TOKEN_FILE", value: `${identityTokenFolder}/${identityToken}` }]),
    ],
    ports: [
      { name: "http", containerPort: args.port, protocol: "TCP" },
      { name: "peers", containerPort: args.peerPort, protocol: "TCP" },
    ],
    startupProbe: { ...check, failureThreshold: startupFailures },
    readinessProbe: check,
    livenessProbe: { ...check, failureThreshold: probe.failureThreshold * restartPatience },
    volumeMounts: [
      { name: diskName, mountPath: args.disk.mountPath },
      ...writableFolders.map(({ name, mountPath }) => ({ name, mountPath })),
      ...secretFiles.map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
      ...(identityTokenFolder === undefined
        ? []
        : [{ name: identityToken, mountPath: identityTokenFolder, readOnly: true }]),
      ...(secrets ? [{ name: secretsVolume, mountPath: "/mnt/secrets", readOnly: true }] : []),
    ],
  };
}

function preparationContainer(
  args: StatefulServiceArgs,
  { command, folder, mountPath }: NonNullable<StatefulServiceArgs["preparation"]>,
): inputs.core.v1.Container {
  return {
    ...common(args),
    name: "prepare",
    command: [...command],
    volumeMounts: (args.writableFolders ?? []).map((writable) => ({
      name: writable.name,
      mountPath: writable.name === folder ? mountPath : writable.mountPath,
    })),
  };
}

function common(args: StatefulServiceArgs) {
  const { secrets } = args;
  return {
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    env: [
      ...Object.entries(args.environmentVariables).map(([name, value]) => ({ name, value })),
      { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      ...secretVariables(syncedKeys(`${args.objectName}-secrets`, Object.keys(secrets?.variables ?? {}))),
    ],
    resources: { requests: { ...args.resources.requests }, limits: { ...args.resources.limits } },
    securityContext: containerSecurity,
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}
