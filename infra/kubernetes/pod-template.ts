import type * as inputs from "@pulumi/kubernetes/types/input";
import { releaseKey, releaseKeyAnnotation, type SideBlock, versionAnnotation } from "../../runbooks/sides";
import type { Colour } from "../../runbooks/target";
import type { AppComponent, HttpProbe } from "./app-component";
import { emulatedBackendOf } from "./emulated-backend";
import { colourName, labelsOf, labelValue, selectorOf } from "./labels";
import { type SecretKeys, secretVariables, syncedKeys } from "./secret-variables";

export interface PodSource {
  readonly system: string;
  readonly environment: string;
  readonly component: AppComponent;
  readonly colour: Colour;
  readonly block: SideBlock;
  /** Whether the cluster has no containers: only then pods say what is emulated. */
  readonly emulated: boolean;
}

const defaultUserId = 10_001;
const defaultDrainSeconds = 10;
const defaultTerminationGraceSeconds = 45;

/** A user that is nobody in the image; its group owns the writable folders. */
export function podSecurityOf(userId = defaultUserId): inputs.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: userId,
    runAsGroup: userId,
    fsGroup: userId,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

export const containerSecurity: inputs.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** Annotations that a Deployment and its pods share. */
export function sideAnnotations(block: SideBlock): Record<string, string> {
  return { [releaseKeyAnnotation]: releaseKey(block), [versionAnnotation]: block.version };
}

/** Pods of one colour of a component. */
export function podTemplate(source: PodSource): inputs.core.v1.PodTemplateSpec {
  const { component, colour, block, emulated } = source;
  return {
    metadata: {
      labels: {
        ...labelsOf({ ...source, component: component.name }),
        ...selectorOf(component.name, colour),
        "app.kubernetes.io/version": labelValue(block.version),
        ...(component.identityClientId !== undefined && { "azure.workload.identity/use": "true" }),
      },
      annotations: {
        ...sideAnnotations(block),
        ...(emulated && emulatedBackendOf(component, block.version)),
      },
    },
    spec: {
      serviceAccountName: component.name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: podSecurityOf(component.userId),
      terminationGracePeriodSeconds: component.terminationGraceSeconds ?? defaultTerminationGraceSeconds,
      topologySpreadConstraints: spread(selectorOf(component.name, colour)),
      containers: [container(source)],
      volumes: volumes(component, colour),
    },
  };
}

function container({ component, colour, block }: PodSource): inputs.core.v1.Container {
  const { name, port, probes, metrics, resources, writableFolders = [] } = component;
  const ownMetricsPort = metrics !== undefined && metrics.port !== port;
  return {
    name,
    image: imageOf(name, block),
    imagePullPolicy: "IfNotPresent",
    ...(component.arguments && { args: [...component.arguments] }),
    ports: [
      { name: "http", containerPort: port, protocol: "TCP" },
      ...(ownMetricsPort ? [{ name: "metrics", containerPort: metrics.port, protocol: "TCP" }] : []),
    ],
    envFrom: [{ configMapRef: { name: colourName(name, colour) } }],
    env: secretVariables(secretKeysOf(component, colour)),
    resources: { requests: { ...resources.requests }, limits: { ...resources.limits } },
    securityContext: containerSecurity,
    startupProbe: probe(probes.startup, port),
    readinessProbe: probe(probes.readiness, port),
    livenessProbe: probe(probes.liveness, port),
    // The kubelet itself waits: the image needs no shell for it.
    lifecycle: { preStop: { sleep: { seconds: component.drainSeconds ?? defaultDrainSeconds } } },
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      ...writableFolders.map((folder) => ({ name: folder.name, mountPath: folder.mountPath })),
      ...(component.secrets ? [{ name: secretsVolume, mountPath: "/mnt/secrets", readOnly: true }] : []),
    ],
  };
}

/** @throws Error when the side has no image for it: the settings' schema lets no such block through. */
function imageOf(component: string, { images }: SideBlock): string {
  const image = images[component];
  if (image === undefined) throw new Error(`the side has no image of ${component}`);
  return image;
}

const secretsVolume = "secrets";

/** Secret that the CSI driver keeps equal to the vault while a pod of the colour runs. */
export function syncedSecretName(component: string, colour: Colour): string {
  return `${colourName(component, colour)}-secrets`;
}

/** Secrets of a component on one of its sides, the vault's and the namespace's. */
export function secretKeysOf({ name, secrets, clusterSecrets }: AppComponent, colour: Colour): SecretKeys {
  const synced = syncedKeys(syncedSecretName(name, colour), Object.keys(secrets?.variables ?? {}));
  return { ...synced, ...clusterSecrets };
}

function volumes(
  { name, secrets, writableFolders = [] }: AppComponent,
  colour: Colour,
): inputs.core.v1.Volume[] {
  const folders = writableFolders.map((folder) => ({
    name: folder.name,
    emptyDir: { sizeLimit: folder.sizeLimit },
  }));
  if (!secrets) return folders;
  return [
    ...folders,
    {
      name: secretsVolume,
      csi: {
        driver: "secrets-store.csi.k8s.io",
        readOnly: true,
        volumeAttributes: { secretProviderClass: colourName(name, colour) },
      },
    },
  ];
}

/**
 * Over zones as evenly as can be, over nodes as far as there are any. A zone that is down does not count, or it would
 * hold back the pods that replace its own.
 */
function spread(matchLabels: Record<string, string>): inputs.core.v1.TopologySpreadConstraint[] {
  return [
    {
      maxSkew: 1,
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "DoNotSchedule",
      nodeTaintsPolicy: "Honor",
      labelSelector: { matchLabels },
    },
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels },
    },
  ];
}

function probe(
  { path, port, initialDelaySeconds, ...times }: HttpProbe,
  componentPort: number,
): inputs.core.v1.Probe {
  return {
    httpGet: { path, port: port ?? componentPort, scheme: "HTTP" },
    ...(initialDelaySeconds !== undefined && { initialDelaySeconds }),
    ...times,
  };
}
