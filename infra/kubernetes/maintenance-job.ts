import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";
import { storeLabel, type TaskPurpose, workLabel } from "../../runbooks/task-purpose";
import type { ComponentSecrets, Egress } from "./app-component";
import { cronJobSpec, type JobArgs } from "./job-spec";
import { labelsOf } from "./labels";
import { allow } from "./network-policies";
import { objectOf } from "./options";
import { secretProviderClass } from "./secret-provider-class";
import { type SecretKeys, syncedKeys } from "./secret-variables";
import { serviceAccount } from "./service-account";
import type { SystemNamespace } from "./system-namespace";

export interface MaintenanceJobArgs extends JobArgs {
  readonly system: string;
  readonly environment: string;
  readonly namespace: SystemNamespace;
  /** Name of the CronJob and of everything it has. */
  readonly objectName: string;
  /** By digest. */
  readonly image: string;
  /** Plain environment variables. */
  readonly environmentVariables: Readonly<Record<string, pulumi.Input<string>>>;
  /** @default - none */
  readonly secrets?: ComponentSecrets;
  /** Environment variable to key of a Secret of the namespace that something else makes. @default - none */
  readonly clusterSecrets?: SecretKeys;
  /** Client id of the identity it signs in to Azure with. @default - none */
  readonly identityClientId?: pulumi.Input<string>;
  readonly egress: readonly Egress[];
  /** By which a release finds it. @default - by its name */
  readonly purpose?: TaskPurpose;
  /** Annotations of its pods, such as what an emulated cluster says in its place. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Name of a task's CronJob and service account. */
export function taskName(system: string, task: string): string {
  return `${system}-${task}`;
}

/**
 * A job of a system that belongs to no side: backup, restore drill, daily mail. Suspended unless it has a schedule:
 * what an `up` declares does not run by itself. A release makes a Job from it.
 */
export class MaintenanceJob extends pulumi.ComponentResource {
  constructor(name: string, args: MaintenanceJobArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:kubernetes:MaintenanceJob", name, {}, options);
    const { objectName, secrets, identityClientId } = args;
    const namespace = args.namespace.namespaceName;
    const within = objectOf(this, { dependsOn: [args.namespace.namespace] });
    const labels = labelsOf({ ...args, component: objectName });
    const metadata = { name: objectName, namespace, labels };
    const account = serviceAccount(`${name}-account`, { metadata, identityClientId }, within);
    new NetworkPolicy(
      `${name}-network`,
      { metadata, spec: allow({ component: objectName, port: 0, ingress: [], egress: args.egress }) },
      within,
    );
    const syncedSecret = `${objectName}-secrets`;
    if (secrets && identityClientId === undefined)
      throw new Error(`${objectName} has secrets and no identity to read them with`);
    const before =
      secrets && identityClientId !== undefined
        ? [
            secretProviderClass(
              `${name}-secrets`,
              { namespace, objectName, labels, secrets, clientId: identityClientId, syncedSecret },
              within,
            ),
          ]
        : [];
    new CronJob(
      name,
      {
        metadata: {
          ...metadata,
          labels: {
            ...labels,
            ...(args.purpose && { [storeLabel]: args.purpose.store, [workLabel]: args.purpose.work }),
          },
        },
        spec: cronJobSpec(args, {
          containerName: objectName,
          image: args.image,
          serviceAccountName: objectName,
          labels,
          ...(args.annotations && { annotations: args.annotations }),
          usesIdentity: identityClientId !== undefined,
          configMaps: [],
          environmentVariables: args.environmentVariables,
          secretKeys: {
            ...syncedKeys(syncedSecret, Object.keys(secrets?.variables ?? {})),
            ...args.clusterSecrets,
          },
          ...(secrets && { secretProviderClass: objectName }),
        }),
      },
      objectOf(this, { dependsOn: [account, ...before] }),
    );
    this.registerOutputs({});
  }
}
