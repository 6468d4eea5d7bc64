import type * as inputs from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerResources, WritableFolder } from "./app-component";
import { containerSecurity, podSecurityOf } from "./pod-template";
import { type SecretKeys, secretVariables } from "./secret-variables";

/** When a job runs by itself. */
export interface JobSchedule {
  /** Five fields, as cron has them. */
  readonly cron: string;
  /** Name of the IANA time zone, such as `America/Los_Angeles`. */
  readonly timeZone: string;
}

/** A folder that holds a file for each key of a ConfigMap. */
export interface ConfigFolder {
  readonly configMap: string;
  readonly mountPath: string;
}

/** A job as data; none of its values is a secret. */
export interface JobArgs {
  readonly command: readonly string[];
  readonly resources: ContainerResources;
  /** Seconds after which a run has failed. */
  readonly deadlineSeconds: number;
  /** Failed pods after which a run has failed. @default 0: what it does may not be repeatable */
  readonly retries?: number;
  readonly writableFolders?: readonly WritableFolder[];
  /** ConfigMaps of the same namespace whose keys are files of a folder. @default - none */
  readonly configFolders?: readonly ConfigFolder[];
  /** @default - the job is suspended: only a release or a person makes a Job from it */
  readonly schedule?: JobSchedule;
  /** User that the container runs as, never 0. @default 10001 */
  readonly userId?: number;
}

/** What differs from one place to another where a job is rendered. */
export interface JobPod {
  readonly containerName: string;
  readonly image: string;
  readonly serviceAccountName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly usesIdentity: boolean;
  /** ConfigMaps whose keys become environment variables. */
  readonly configMaps: readonly string[];
  readonly secretKeys: SecretKeys;
  /** Plain environment variables. */
  readonly environmentVariables?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Class of the CSI driver that brings the secrets. @default - no secrets */
  readonly secretProviderClass?: string;
}

/** A suspended CronJob never comes to its time; one is needed all the same. */
const never: JobSchedule = { cron: "0 0 1 1 *", timeZone: "Etc/UTC" };

/**
 * The autoscaler may not empty the node of a pod that is not repeated: it would end a migration half-way (Kubernetes
 * autoscaler, "What types of pods can prevent CA from removing a node").
 */
const notMoved = { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } as const;

/** Finished Jobs stay for a week, so that somebody can read why one failed. */
const keptSeconds = 7 * 24 * 60 * 60;

export function cronJobSpec(args: JobArgs, pod: JobPod): inputs.batch.v1.CronJobSpec {
  const { cron, timeZone } = args.schedule ?? never;
  return {
    schedule: cron,
    timeZone,
    suspend: args.schedule === undefined,
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds: 600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      metadata: { labels: { ...pod.labels } },
      spec: {
        backoffLimit: args.retries ?? 0,
        activeDeadlineSeconds: args.deadlineSeconds,
        ttlSecondsAfterFinished: keptSeconds,
        template: podSpec(args, pod),
      },
    },
  };
}

function podSpec(args: JobArgs, pod: JobPod): inputs.core.v1.PodTemplateSpec {
  const { command, resources, writableFolders = [], configFolders = [], userId } = args;
  const { environmentVariables: named = {} } = pod;
  const csi = pod.secretProviderClass;
  return {
    metadata: {
      labels: { ...pod.labels, ...(pod.usesIdentity && { "azure.workload.identity/use": "true" }) },
      annotations: { ...pod.annotations, ...notMoved },
    },
    spec: {
      restartPolicy: "Never",
      serviceAccountName: pod.serviceAccountName,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: podSecurityOf(userId),
      containers: [
        {
          name: pod.containerName,
          image: pod.image,
          imagePullPolicy: "IfNotPresent",
          command: [...command],
          envFrom: pod.configMaps.map((name) => ({ configMapRef: { name } })),
          env: [
            ...Object.entries({ ...named, ...homeIn(writableFolders), ...named }).map(([name, value]) => ({
              name,
              value,
            })),
            ...secretVariables(pod.secretKeys),
          ],
          resources: { requests: { ...resources.requests }, limits: { ...resources.limits } },
          securityContext: containerSecurity,
          terminationMessagePolicy: "FallbackToLogsOnError",
          volumeMounts: [
            ...writableFolders.map(({ name, mountPath }) => ({ name, mountPath })),
            ...configFolders.map(({ configMap, mountPath }) => ({
              name: configMap,
              mountPath,
              readOnly: true,
            })),
            ...(csi ? [{ name: "secrets", mountPath: "/mnt/secrets", readOnly: true }] : []),
          ],
        },
      ],
      volumes: [
        ...writableFolders.map(({ name, sizeLimit }) => ({ name, emptyDir: { sizeLimit } })),
        ...configFolders.map(({ configMap }) => ({ name: configMap, configMap: { name: configMap } })),
        ...(csi
          ? [
              {
                name: "secrets",
                csi: {
                  driver: "secrets-store.csi.k8s.io",
                  readOnly: true,
                  volumeAttributes: { secretProviderClass: csi },
                },
              },
            ]
          : []),
      ],
    },
  };
}

/**
 * The user has no home in the image, and `/` is read-only: mongosh would say on standard output that it cannot write
 * there, before its answer.
 */
function homeIn([folder]: readonly WritableFolder[]): Readonly<Record<string, string>> {
  return folder ? { HOME: folder.mountPath, TMPDIR: folder.mountPath } : {};
}
