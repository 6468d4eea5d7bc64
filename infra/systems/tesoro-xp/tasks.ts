import type { Secret } from "@pulumi/azure-native/keyvault/secret";
import type * as pulumi from "@pulumi/pulumi";
import { tesoroXp as contract } from "../../../runbooks/tesoro-xp";
import type { TaskName } from "../../../runbooks/tesoro-xp/tasks";
import { ContainerTask, type EmulatedJob } from "../../azure/container-task";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { Foundation } from "./foundation";
import type { TesoroNames } from "./names";
import { taskCommands } from "./task-scripts";

export interface TasksArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: TesoroNames;
  readonly settings: SystemSettings<"tesoro-xp">;
  readonly foundation: Foundation;
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly parent: pulumi.Resource;
}

const secondsPerMinute = 60;
const connectionSecret = "sql-connection-string";

const emulated: Readonly<Record<TaskName, EmulatedJob>> = {
  "export-database": "sql-export",
  "migration-runner": "sql-migrate",
  "ask-database": "sql-ask",
};

/**
 * The contract's work on the database.
 *
 * @returns ARM ids of the jobs by task
 */
export function declareTasks(args: TasksArgs): Readonly<Record<string, string>> {
  const { name, placement, names, settings, foundation, parent } = args;
  const { storage, vault, environment } = foundation;
  const { own } = settings;
  const { container } = contract.backups;
  const connection = args.secrets[connectionSecret];
  if (connection === undefined) throw new Error(`the contract has no secret ${connectionSecret}`);
  const ids = contract.tasks.map((task): readonly [string, string] => {
    const declared = new ContainerTask(
      `${name}-${task.name}`,
      {
        ...placement,
        task: task.name,
        jobName: names.job(task.name),
        identityName: names.taskIdentity(task.name),
        environment,
        image: task.image === "tools" ? own.databaseToolsImage : own.migrationsImage,
        command: taskCommands[task.name],
        deadlineSeconds: task.deadlineMinutes * secondsPerMinute,
        cores: 1,
        variables: task.writesBackups
          ? { BACKUPS_URL: `https://${names.storageAccount}.blob.core.windows.net/${container}` }
          : {},
        secrets: {
          SQL_CONNECTION_STRING: {
            name: connectionSecret,
            url: `https://${names.vault}.vault.azure.net/secrets/${connectionSecret}`,
          },
        },
        grants: [
          vault.readSecret(connection, connectionSecret),
          ...(task.writesBackups ? [storage.grantOn(container, "storageBlobDataContributor")] : []),
        ],
        ...("purpose" in task && { purpose: task.purpose }),
        ...(settings.localCloud && { emulated: emulated[task.name] }),
      },
      { parent, dependsOn: [environment] },
    );
    return [task.name, declared.jobId];
  });
  return Object.fromEntries(ids);
}
