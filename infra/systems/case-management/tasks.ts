import type * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import type { Egress, WritableFolder } from "../../kubernetes/app-component";
import { MaintenanceJob, taskName } from "../../kubernetes/maintenance-job";
import type { SideJob } from "../../kubernetes/side-job";
import type { SystemNamespace } from "../../kubernetes/system-namespace";
import type { SystemSettings } from "../../settings";
import { overHttps, toDatabase, vaultSecrets } from "./components";
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

/** The pod's name without its random end is the Job's, and that is the recorded name (conflicts 73). */
const jobName = `name="\${HOSTNAME%-*}"`;

function shell(...lines: readonly string[]): readonly string[] {
  return ["/bin/sh", "-euc", lines.join("\n")];
}

const { databaseBackups, uploads, datedBackupPrefix } = contract.files;

const toolCommands: Readonly<Record<TaskOf<"tools">, readonly string[]>> = {
  analyze: [...psql, "--command=ANALYZE"],
  "count-rows": [...psql, "--csv", `--command=${rowCounts}`],
  // Written to a file first: in a pipe the upload of half a dump would succeed.
  "backup-database": shell(
    jobName,
    'pg_dump --format=custom --no-owner --file="/scratch/$name.dump"',
    'pg_restore --list "/scratch/$name.dump" > /scratch/list',
    `azcopy copy "/scratch/$name.dump" "$BACKUPS_URL/${databaseBackups}/$name.dump" --from-to=LocalBlob --put-md5 --overwrite=false`,
  ),
  "backup-uploads": shell(
    jobName,
    `case "$name" in ${datedBackupPrefix}????????*) ;; *) echo "the Job's name must be ${datedBackupPrefix}YYYYMMDD, it is $name" >&2; exit 64 ;; esac`,
    'azcopy make "$BACKUPS_URL/$name"',
    `azcopy copy "$UPLOADS_URL/${uploads}/*" "$BACKUPS_URL/$name" --from-to=BlobBlob --recursive`,
  ),
  "restore-test": shell(
    `: "\${BACKUP_NAME:?the release names the backup to restore}"`,
    `azcopy copy "$BACKUPS_URL/${databaseBackups}/$BACKUP_NAME.dump" /scratch/restore.dump --from-to=BlobLocal --check-md5=FailIfDifferent`,
    'pg_restore --exit-on-error --clean --if-exists --no-owner --dbname="$PGDATABASE" /scratch/restore.dump',
    `${psql.join(" ")} --csv --command="${rowCounts}"`,
  ),
};

export interface TasksArgs {
  readonly name: string;
  readonly settings: SystemSettings<"case-management">;
  readonly names: CaseManagementNames;
  readonly namespace: SystemNamespace;
  readonly foundation: Foundation;
  readonly clientId: pulumi.Input<string>;
  readonly options: pulumi.ComponentResourceOptions;
}

/** Tasks that run with psql, pg_dump and azcopy. Suspended: a release or a person makes a Job from one. */
export function declareTasks(args: TasksArgs): void {
  const { name, settings, names, namespace, clientId, options } = args;
  for (const task of contract.tasks) {
    if (task.image !== "tools") continue;
    const { database, writableFolders, reachesStorage } = needsOf(task.name, args);
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
        ...(database && {
          secrets: vaultSecrets(settings, names, { PGPASSWORD: passwordSecret(database, args.foundation) }),
        }),
        identityClientId: clientId,
        // The vault is read by the driver of the node, Azure's sign-in by the task.
        egress: [...(database ? [toDatabase] : []), overHttps] satisfies readonly Egress[],
      },
      options,
    );
  }
}

interface Needs {
  readonly database?: OwnedDatabase;
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
      return { database, writableFolders: [], reachesStorage: false };
    case "backup-database":
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
