import { Job } from "@pulumi/azure-native/app/job";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import * as pulumi from "@pulumi/pulumi";
import { storeTag, type TaskPurpose, taskTag, workTag } from "../../runbooks/task-purpose";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { Access, type Grant } from "./access";
import { childOf } from "./component";
import type { TaskEnvironment } from "./task-environment";

/** Tag that says what the embedded cloud, which runs no image, does in a job's place (docs/local-cloud.md). */
export const emulatedJobTag = "local-job";
export type EmulatedJob = "sql-export" | "sql-migrate" | "sql-ask";

export interface ContainerTaskArgs extends Placement {
  /** Word of the contract; the container's name. */
  readonly task: string;
  readonly jobName: string;
  readonly identityName: string;
  readonly environment: TaskEnvironment;
  /** By digest. */
  readonly image: string;
  /** @default - what the image starts */
  readonly command?: readonly string[];
  readonly deadlineSeconds: number;
  /** Virtual cores; each has 2 GiB of memory. */
  readonly cores: number;
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** Environment variable to a secret of the vault by its address. */
  readonly secrets: Readonly<Record<string, { readonly name: string; readonly url: string }>>;
  /** What its identity may do; reading the secrets is among it. */
  readonly grants: readonly Grant[];
  /** By which a release finds it. @default - by its name */
  readonly purpose?: TaskPurpose;
  /** What the embedded cloud does in its place. @default - nothing */
  readonly emulated?: EmulatedJob;
}

/** A registry of Azure, which a job signs in to by its identity; others must be open to all. */
const azureRegistry = /^([a-z0-9]+\.azurecr\.io)\//;

/**
 * Work that a release starts, as a job of Azure Container Apps with an identity of its own. It never starts or tries
 * again by itself: whether it may be repeated is for the release to know.
 */
export class ContainerTask extends pulumi.ComponentResource {
  readonly jobId: string;

  constructor(name: string, args: ContainerTaskArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:ContainerTask", name, {}, options);
    const { resourceGroupName, location, identityName, environment, purpose } = args;
    const identityId = armId(args, "Microsoft.ManagedIdentity/userAssignedIdentities", identityName);
    this.jobId = armId(args, "Microsoft.App/jobs", args.jobName);
    const identity = new UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, location, resourceName: identityName, tags: args.tags },
      childOf(this),
    );
    const access = new Access(
      `${name}-access`,
      {
        subscriptionId: args.subscriptionId,
        principalId: identity.principalId,
        grants: args.grants,
      },
      { parent: this },
    );
    const registry = azureRegistry.exec(args.image)?.[1];
    const secrets = Object.entries(args.secrets);
    new Job(
      `${name}-job`,
      {
        resourceGroupName,
        location,
        jobName: args.jobName,
        environmentId: environment.environmentId,
        workloadProfileName: environment.workloadProfile,
        identity: { type: "UserAssigned", userAssignedIdentities: [identityId] },
        configuration: {
          triggerType: "Manual",
          manualTriggerConfig: { parallelism: 1, replicaCompletionCount: 1 },
          replicaRetryLimit: 0,
          replicaTimeout: args.deadlineSeconds,
          secrets: secrets.map(([, secret]) => ({
            name: secret.name,
            keyVaultUrl: secret.url,
            identity: identityId,
          })),
          ...(registry !== undefined && { registries: [{ server: registry, identity: identityId }] }),
        },
        template: {
          containers: [
            {
              name: args.task,
              image: args.image,
              ...(args.command && { command: [...args.command] }),
              resources: { cpu: args.cores, memory: `${2 * args.cores}Gi` },
              env: [
                ...Object.entries(args.variables).map(([key, value]) => ({ name: key, value })),
                // Which of its identities a program signs in by must be said, also of a single one.
                { name: "AZURE_CLIENT_ID", value: identity.clientId },
                ...secrets.map(([key, secret]) => ({ name: key, secretRef: secret.name })),
              ],
            },
          ],
        },
        tags: {
          ...args.tags,
          [taskTag]: args.task,
          ...(purpose && { [storeTag]: purpose.store, [workTag]: purpose.work }),
          ...(args.emulated !== undefined && { [emulatedJobTag]: args.emulated }),
        },
      },
      // The service reads the secrets while it makes the job.
      childOf(this, [environment.environment, access]),
    );
    this.registerOutputs({ jobId: this.jobId });
  }
}
