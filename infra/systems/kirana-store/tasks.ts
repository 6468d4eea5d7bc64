import type * as pulumi from "@pulumi/pulumi";
import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import { declaredColours } from "../../../runbooks/sides";
import type { KiranaStoreSettings } from "../../config/kirana-store-settings";
import type { ContainerResources, WritableFolder } from "../../kubernetes/app-component";
import { MaintenanceJob, type MaintenanceJobArgs, taskName } from "../../kubernetes/maintenance-job";
import { mongoBackup, mongoProof, mongoRestore } from "../../kubernetes/scripts/mongo";
import { redisQuestion } from "../../kubernetes/scripts/redis";
import type { SideJob } from "../../kubernetes/side-job";
import type { SystemNamespace } from "../../kubernetes/system-namespace";
import { emulatedTask } from "../../kubernetes/task-report";
import type { SystemSettings } from "../../settings";
import { overHttps, toCache, toDatabase, vaultSecrets } from "./components";
import { liveDatabase } from "./data";
import type { Identities } from "./identities";
import type { KiranaStoreNames } from "./names";

type Task = (typeof contract.tasks)[number];
type TaskOf<Image extends Task["image"]> = Extract<Task, { image: Image }>["name"];

const resources: ContainerResources = {
  requests: { cpu: "250m", memory: "256Mi" },
  limits: { cpu: "1", memory: "1Gi" },
};

const secondsPerMinute = 60;

/** Commands in the backend's image. The runbook names validate-db.py; the other two are this contract's. */
const backendCommands: Readonly<Record<TaskOf<"backend">, readonly string[]>> = {
  migrate: ["python", "scripts/migrate.py", "--additive-only"],
  "validate-database": ["python", "scripts/validate-db.py"],
  "seed-test-tenant": ["python", "scripts/seed-test-data.py", `--tenant=${contract.testTenant.id}`],
};

/** Tasks that run with a colour's own backend. */
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
            writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "256Mi" }],
          },
        ]
      : [],
  );
}

/** Written by the vault's driver; on a command line the login could be read by everything in the container. */
const toolsVariable = "MONGO_TOOLS_CONFIG";
const toolsConfig = `/mnt/secrets/${toolsVariable}`;

function toolCommand(task: TaskOf<"mongoTools">, own: KiranaStoreSettings): readonly string[] {
  const dumps = {
    backups: `$DUMPS_URL/${contract.dumps.container}`,
    extension: "archive.gz",
    login: toolsConfig,
    database: liveDatabase(own),
    drill: contract.database.drillDatabase.name,
  } as const;
  switch (task) {
    case "dump":
    case "backup":
      return mongoBackup(dumps);
    case "restore-drill":
      return mongoProof(dumps);
    case "restore-database":
      return mongoRestore(dumps);
    case "ask-cache":
      return redisQuestion;
  }
}

/** Every image is looked at, also after one that is not clean; then the scan fails, which the alert sees. */
const scanScript = [
  "result=0",
  'for image in "$@"; do',
  '  trivy image --quiet --scanners=vuln --severity=HIGH,CRITICAL --ignore-unfixed --exit-code=1 "$image" || result=1',
  "done",
  'exit "$result"',
].join("\n");

export interface TasksArgs {
  readonly name: string;
  readonly settings: SystemSettings<"kirana-store">;
  readonly names: KiranaStoreNames;
  readonly namespace: SystemNamespace;
  readonly identities: Identities;
  /** Whether the cluster has no containers. */
  readonly emulated: boolean;
  readonly options: pulumi.ComponentResourceOptions;
}

type OwnArgs = Pick<
  MaintenanceJobArgs,
  "image" | "command" | "environmentVariables" | "secrets" | "identityClientId" | "egress" | "writableFolders"
>;

/** Dumps, the restore drill and the scan for updates. Suspended unless the contract gives a schedule. */
export function declareTasks(args: TasksArgs): void {
  const { name, settings, namespace, options } = args;
  for (const task of contract.tasks) {
    if (task.image === "backend") continue;
    const purpose = "purpose" in task ? task.purpose : undefined;
    new MaintenanceJob(
      `${name}-${task.name}`,
      {
        system: contract.system,
        environment: settings.stack.environment,
        namespace,
        objectName: taskName(contract.system, task.name),
        resources,
        deadlineSeconds: task.deadlineMinutes * secondsPerMinute,
        ...("schedule" in task && { schedule: { cron: task.schedule, timeZone: "Etc/UTC" } }),
        ...(purpose && { purpose }),
        ...(args.emulated && {
          annotations: emulatedTask(purpose ?? (task.image === "mongoTools" ? "backup" : undefined), 42),
        }),
        ...(task.image === "mongoTools" ? mongoTask(task.name, args) : scanTask(args)),
      },
      options,
    );
  }
}

function mongoTask(task: TaskOf<"mongoTools">, args: TasksArgs): OwnArgs {
  const { settings, names, identities } = args;
  if (task === "ask-cache") return cacheTask(args);
  return {
    image: settings.own.mongoToolsImage,
    command: toolCommand(task, settings.own),
    environmentVariables: {
      DUMPS_URL: `https://${names.storageAccount}.blob.core.windows.net`,
      AZCOPY_AUTO_LOGIN_TYPE: "WORKLOAD",
      AZCOPY_LOG_LOCATION: "/scratch",
      AZCOPY_JOB_PLAN_LOCATION: "/scratch",
    },
    secrets: vaultSecrets(settings, names, { [toolsVariable]: "mongo-tools-config" }),
    identityClientId: identities.backups.clientId,
    egress: [toDatabase, overHttps],
    // A dump is compressed; half of what the database can hold is room enough.
    writableFolders: [workFolder(`${Math.ceil(settings.own.databaseStorageGb / 2)}Gi`)],
  };
}

function cacheTask({ settings, names, identities }: TasksArgs): OwnArgs {
  return {
    image: settings.own.mongoToolsImage,
    command: redisQuestion,
    environmentVariables: {},
    secrets: vaultSecrets(settings, names, { REDIS_URL: "redis-url" }),
    identityClientId: identities.backups.clientId,
    egress: [toCache, overHttps],
    writableFolders: [],
  };
}

/** The nodes' right to pull images is not the pods': the scanner signs in to the registry as its own identity. */
function scanTask({ settings, identities }: TasksArgs): OwnArgs {
  const { sides } = settings.own;
  const images = declaredColours(sides).flatMap((colour) => Object.values(sides[colour]?.images ?? {}));
  return {
    image: settings.own.imageScannerImage,
    command: ["/bin/sh", "-euc", scanScript, "scan", ...new Set(images)],
    environmentVariables: { TRIVY_CACHE_DIR: "/scratch/cache" },
    identityClientId: identities.scanner.clientId,
    egress: [overHttps],
    writableFolders: [workFolder("8Gi")],
  };
}

function workFolder(sizeLimit: string): WritableFolder {
  return { name: "scratch", mountPath: "/scratch", sizeLimit };
}
