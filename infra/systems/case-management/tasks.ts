import type * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import type { Egress, WritableFolder } from "../../kubernetes/app-component";
import { MaintenanceJob, taskName } from "../../kubernetes/maintenance-job";
import {
  postgresBackup,
  postgresProof,
  postgresQuestion,
  postgresRestore,
} from "../../kubernetes/scripts/postgres";
import { redisQuestion } from "../../kubernetes/scripts/redis";
import { jobName, reportStored, shell } from "../../kubernetes/scripts/shell";
import type { SideJob } from "../../kubernetes/side-job";
import type { SystemNamespace } from "../../kubernetes/system-namespace";
import { emulatedTask } from "../../kubernetes/task-report";
import type { SystemSettings } from "../../settings";
import { overHttps, toCache, toDatabase, vaultSecrets } from "./components";
import type { Foundation, OwnedDatabase } from "./foundation";
import type { CaseManagementNames } from "./names";

type Task = (typeof contract.tasks)[number];
type TaskOf<Image extends Task["image"]> = Extract<Task, { image: Image }>["name"];

const resources = {
  requests: { cpu: "250m", memory: "256Mi" },
  limits: { cpu: "1", memory: "1Gi" },
} as const;

const secondsPerMinute = 60;

/** Commands in the backend's image. A package that is not in the image is not downloaded. */
const backendCommands: Readonly<Record<TaskOf<"backend">, readonly string[]>> = {
  migrate: ["npx", "--no-install", "prisma", "migrate", "deploy"],
  "verify-migration": [
    "/bin/sh",
    "-euc",
    [
      "npx --no-install prisma migrate status",
      "npx --no-install prisma db execute --file=prisma/verification-queries.sql --schema=prisma/schema.prisma",
    ].join("\n"),
  ],
  "check-data-integrity": ["npm", "run", "validate:data-integrity"],
};

/** Tasks that run with the backend's image of a colour. */
export function sideJobs(): readonly SideJob[] {
  return contract.tasks.flatMap((task) =>
    task.image === "backend"
      ? [
          {
            name: taskName(contract.system, task.name),
            component: contract.components.backend.name,
            command: backendCommands[task.name],
            resources,
            deadlineSeconds: task.deadlineMinutes * secondsPerMinute,
            writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "1Gi" }],
          },
        ]
      : [],
  );
}

const { query: rowCounts } = contract.rowCounts;

const psql = ["psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1"] as const;

const { databaseBackups, uploads, datedBackupPrefix } = contract.files;
const dumps = { backups: `$BACKUPS_URL/${databaseBackups}`, rowCounts };

const toolCommands: Readonly<Record<TaskOf<"tools">, readonly string[]>> = {
  analyze: [...psql, "--command=ANALYZE"],
  "count-rows": [...psql, "--csv", `--command=${rowCounts}`],
  "backup-database": postgresBackup(dumps),
  "backup-uploads": shell(
    jobName,
    `case "$name" in ${datedBackupPrefix}????????*) ;; *) echo "the Job's name must be ${datedBackupPrefix}YYYYMMDD, it is $name" >&2; exit 64 ;; esac`,
    'azcopy make "$BACKUPS_URL/$name"',
    `azcopy copy "$UPLOADS_URL/${uploads}/*" "$BACKUPS_URL/$name" --from-to=BlobBlob --recursive`,
    ...reportStored("$BACKUPS_URL/$name"),
  ),
  "restore-test": postgresProof(dumps),
  "restore-database": postgresRestore(dumps),
  "ask-database": postgresQuestion,
  "ask-cache": redisQuestion,
};

export interface TasksArgs {
  readonly name: string;
  readonly settings: SystemSettings<"case-management">;
  readonly names: CaseManagementNames;
  readonly namespace: SystemNamespace;
  readonly foundation: Foundation;
  readonly clientId: pulumi.Input<string>;
  /** Whether the cluster has no containers. */
  readonly emulated: boolean;
  readonly options: pulumi.ComponentResourceOptions;
}

/** Tasks that run with psql, pg_dump and azcopy. Suspended: a release or a person makes a Job from one. */
export function declareTasks(args: TasksArgs): void {
  const { name, settings, names, namespace, clientId, options } = args;
  for (const task of contract.tasks) {
    if (task.image !== "tools") continue;
    const { database, cache, writableFolders, reachesStorage } = needsOf(task.name, args);
    const purpose = "purpose" in task ? task.purpose : undefined;
    new MaintenanceJob(
      `${name}-${task.name}`,
      {
        system: contract.system,
        environment: settings.stack.environment,
        namespace,
        objectName: taskName(contract.system, task.name),
        image: settings.own.toolsImage,
        command: toolCommands[task.name],
        resources,
        deadlineSeconds: task.deadlineMinutes * secondsPerMinute,
        writableFolders,
        environmentVariables: {
          ...(database && connection(database)),
          ...(reachesStorage && storageVariables(names)),
        },
        ...((database || cache) && {
          secrets: vaultSecrets(settings, names, {
            ...(database && { PGPASSWORD: passwordSecret(database, args.foundation) }),
            ...(cache && { REDIS_URL: "redis-url" }),
          }),
        }),
        ...(purpose && { purpose }),
        ...(args.emulated && {
          annotations: emulatedTask(purpose ?? (task.name.startsWith("backup-") ? "backup" : undefined), []),
        }),
        identityClientId: clientId,
        // The vault is read by the driver of the node, Azure's sign-in by the task.
        egress: [
          ...(database ? [toDatabase] : []),
          ...(cache ? [toCache] : []),
          overHttps,
        ] satisfies readonly Egress[],
      },
      options,
    );
  }
}

interface Needs {
  readonly database?: OwnedDatabase;
  readonly cache?: boolean;
  readonly writableFolders: readonly WritableFolder[];
  readonly reachesStorage: boolean;
}

function needsOf(task: TaskOf<"tools">, { foundation, settings }: TasksArgs): Needs {
  // A dump is compressed; half of what the server can hold is room enough.
  const dumps = {
    name: "scratch",
    mountPath: "/scratch",
    sizeLimit: `${settings.own.databaseStorageGb / 2}Gi`,
  };
  const { database, restoreTest } = foundation;
  switch (task) {
    case "analyze":
    case "count-rows":
    case "ask-database":
      return { database, writableFolders: [], reachesStorage: false };
    case "ask-cache":
      return { cache: true, writableFolders: [], reachesStorage: false };
    case "backup-database":
    case "restore-database":
      return { database, writableFolders: [dumps], reachesStorage: true };
    case "restore-test":
      return { database: restoreTest, writableFolders: [dumps], reachesStorage: true };
    case "backup-uploads":
      return {
        writableFolders: [{ name: "scratch", mountPath: "/scratch", sizeLimit: "1Gi" }],
        reachesStorage: true,
      };
  }
}

/** What psql, pg_dump and pg_restore read; the server's certificate is checked against the image's own authorities. */
function connection({ server, login, name }: OwnedDatabase): Record<string, string> {
  return {
    PGHOST: server.host,
    PGPORT: String(contract.database.port),
    PGUSER: login,
    PGDATABASE: name,
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: "system",
  };
}

function passwordSecret(database: OwnedDatabase, { restoreTest }: Foundation): string {
  const name: Extract<(typeof contract.secrets)[number]["name"], `${string}password`> =
    database === restoreTest ? "test-database-password" : "database-password";
  return name;
}

function storageVariables({ uploads: uploadsAccount, backups }: CaseManagementNames): Record<string, string> {
  return {
    UPLOADS_URL: `https://${uploadsAccount}.blob.core.windows.net`,
    BACKUPS_URL: `https://${backups}.blob.core.windows.net`,
    AZCOPY_AUTO_LOGIN_TYPE: "WORKLOAD",
    AZCOPY_LOG_LOCATION: "/scratch",
    AZCOPY_JOB_PLAN_LOCATION: "/scratch",
  };
}
