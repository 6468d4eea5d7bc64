import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../../runbooks/model";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import type { ComponentSecrets, Egress } from "../../kubernetes/app-component";
import { MaintenanceJob } from "../../kubernetes/maintenance-job";
import { mongoBackup, mongoProof, mongoQuestion } from "../../kubernetes/scripts/mongo";
import { postgresBackup, rowCountsOf } from "../../kubernetes/scripts/postgres";
import { redisQuestion } from "../../kubernetes/scripts/redis";
import type { SideJob } from "../../kubernetes/side-job";
import type { SystemNamespace } from "../../kubernetes/system-namespace";
import { emulatedTask } from "../../kubernetes/task-report";
import type { SystemSettings } from "../../settings";
import { type Foundation, login } from "./foundation";
import type { RetailNames } from "./names";
import { overHttps, toCache, toDocuments, toRelational } from "./network";
import { vaultSecrets } from "./secrets";

type Task = (typeof contract.tasks)[number];
type TaskOf<Image extends Task["image"]> = Extract<Task, { image: Image }>["name"];
type ToolsImage = "mongoTools" | "postgresTools";

const secondsPerMinute = 60;
const resources = {
  requests: { cpu: "250m", memory: "256Mi" },
  limits: { memory: "1Gi" },
} as const;

/** Scripts of the runbook, which are in the backend's image (RET-086, RET-087, RET-116). */
function backendCommand(task: TaskOf<"backend">, environment: Environment): readonly string[] {
  switch (task) {
    case "retail-migration":
      return ["./scripts/run-migration.sh", environment];
    case "retail-migration-check":
      return ["./scripts/verify-migration.sh", environment];
    case "retail-database-rollback":
      return ["/bin/sh", "-euc", `./scripts/db-rollback.sh "\${PREVIOUS_VERSION:?the release names it}"`];
    case "retail-data-integrity":
      return ["./scripts/data-integrity-check.sh"];
  }
}

/** Tasks that run with the backend's image of a colour, so that a migration is that of the version it comes with. */
export function sideJobs(environment: Environment): readonly SideJob[] {
  return contract.tasks.flatMap((task) =>
    task.image === "backend"
      ? [
          {
            name: task.name,
            component: contract.components.backend.name,
            command: backendCommand(task.name, environment),
            resources,
            deadlineSeconds: task.deadlineMinutes * secondsPerMinute,
            writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "1Gi" }],
          },
        ]
      : [],
  );
}

const { mongo, postgres } = contract.backups;
const { database: documents } = contract.documents;

const archives = {
  backups: `$BACKUPS_URL/${mongo}`,
  extension: "archive",
  login: "/scratch/login",
  // In a file: an address with a password on a command line is seen by every process.
  prepare: ["umask 077", `printf 'uri: "%s"\\n' "$MONGODB_URI" > /scratch/login`],
  database: documents,
  drill: `${documents}_restore_drill`,
} as const;

const toolCommands: Readonly<Record<TaskOf<ToolsImage>, readonly string[]>> = {
  "retail-mongo-backup": mongoBackup(archives),
  "retail-mongo-restore-drill": mongoProof(archives),
  "retail-ask-documents": mongoQuestion("MONGODB_URI", documents),
  "retail-ask-cache": redisQuestion,
  "retail-postgres-backup": postgresBackup({
    backups: `$BACKUPS_URL/${postgres}`,
    rowCounts: rowCountsOf("public"),
  }),
};

export interface TasksArgs {
  readonly name: string;
  readonly settings: SystemSettings<"retail-agentic">;
  readonly names: RetailNames;
  readonly namespace: SystemNamespace;
  readonly foundation: Foundation;
  readonly clientId: pulumi.Input<string>;
  /** Whether the cluster has no containers. */
  readonly emulated: boolean;
  /** Options of what is made on the cluster. */
  readonly onCluster: pulumi.ComponentResourceOptions;
}

/** Backups and restore drills (RET-117). Suspended: a release or a person makes a Job from one. */
export function declareTasks(args: TasksArgs): void {
  const { name, settings, namespace, clientId, onCluster } = args;
  for (const task of contract.tasks) {
    if (task.image !== "mongoTools" && task.image !== "postgresTools") continue;
    const { image, gibibytes, ...needs } = needsOf(task, args);
    const purpose = "purpose" in task ? task.purpose : undefined;
    new MaintenanceJob(
      `${name}-${task.name}`,
      {
        system: contract.system,
        environment: settings.stack.environment,
        namespace,
        objectName: task.name,
        image,
        command: toolCommands[task.name],
        resources,
        deadlineSeconds: task.deadlineMinutes * secondsPerMinute,
        // A dump is compressed; half of what the server can hold is room enough.
        writableFolders: [{ name: "scratch", mountPath: "/scratch", sizeLimit: `${gibibytes / 2}Gi` }],
        ...needs,
        ...(purpose && { purpose }),
        ...(args.emulated && { annotations: emulatedTask(purpose ?? "backup", wellAnswered) }),
        identityClientId: clientId,
      },
      onCluster,
    );
  }
}

/** What a store of dev answers to any question. */
const wellAnswered = { ok: 1, inprog: [] } as const;

interface Needs {
  readonly image: string;
  /** Size of the database's disk. */
  readonly gibibytes: number;
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly secrets: ComponentSecrets;
  readonly egress: readonly Egress[];
}

function needsOf(
  { image, name }: Extract<Task, { image: ToolsImage }>,
  { settings, names, foundation }: TasksArgs,
): Needs {
  const { own } = settings;
  const storage = {
    BACKUPS_URL: `https://${names.backups}.blob.core.windows.net`,
    AZCOPY_AUTO_LOGIN_TYPE: "WORKLOAD",
    AZCOPY_LOG_LOCATION: "/scratch",
    AZCOPY_JOB_PLAN_LOCATION: "/scratch",
  };
  if (name === "retail-ask-cache") {
    return {
      image: own.mongoToolsImage,
      gibibytes: 1,
      environmentVariables: {},
      secrets: vaultSecrets(settings, names, { REDIS_URL: "redis-url" }),
      egress: [toCache, overHttps],
    };
  }
  if (image === "mongoTools") {
    return {
      image: own.mongoToolsImage,
      gibibytes: own.documentStorageGb,
      environmentVariables: storage,
      secrets: vaultSecrets(settings, names, { MONGODB_URI: "mongodb-uri" }),
      egress: [toDocuments, overHttps],
    };
  }
  return {
    image: own.postgresToolsImage,
    gibibytes: own.relationalStorageGb,
    environmentVariables: {
      ...storage,
      PGHOST: foundation.relational.host,
      PGPORT: String(contract.relational.port),
      PGUSER: login,
      PGDATABASE: contract.relational.database,
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "system",
    },
    secrets: vaultSecrets(settings, names, { PGPASSWORD: "postgres-password" }),
    egress: [toRelational, overHttps],
  };
}
