import { connectionSecrets } from "../../runbooks/connection-secrets";
import type { StoreKind } from "../../runbooks/release-facts";
import { UserError } from "../user-error";
import type { Backup, BackupProof, DataAdapter, DataContext, Restored } from "./data-adapter";
import { type FinishedJob, type JobCluster, type JobRequest, runJob } from "./job";
import { comparedCounts, reportOf } from "./job-report";
import { databaseOf, jobName } from "./names";
import { forgetSynced } from "./synced-secrets";
import { type FoundTask, findTask, findWork } from "./tasks";
import { switchSecret, withDatabase } from "./vault-switch";
import { type DataWorld, requireConfirmation } from "./world";

/**
 * A store whose data a Job moves beside it on the cluster: PostgreSQL, MongoDB, files. What was counted is in the Job's
 * report, since the platform counts no rows.
 */
export class ClusterStore implements DataAdapter {
  constructor(
    private readonly kind: Extract<StoreKind, "postgres" | "mongo" | "blob">,
    private readonly world: DataWorld,
  ) {}

  async backup(
    { recordedAs, task }: { readonly recordedAs: string; readonly task?: string },
    context: DataContext,
  ): Promise<Backup> {
    if (task === undefined)
      throw new UserError(`the contract names no task that backs ${this.kind} of ${context.facts.system} up`);
    const cluster = await this.world.cluster(context);
    const found = await findTask(cluster, task, context);
    const job = await this.run(cluster, found, `backup ${task}`, recordedAs, context, {}, true);
    const { bytes } = reportOf(job);
    return {
      store: this.kind,
      recordedAs: job.name,
      at: job.startedAt,
      ...(bytes !== undefined && { bytes }),
    };
  }

  async prove(backup: Backup, by: BackupProof["by"], context: DataContext): Promise<BackupProof> {
    switch (by) {
      case "listedAndSized":
        return this.proveBySize(backup, context);
      case "restoreToScratch":
        return this.proveByRestore(backup, context);
      case "pointInTime":
        throw new UserError(
          `the backup ${backup.recordedAs} of ${this.kind} is a file, and no point in time`,
        );
    }
  }

  private async proveBySize(backup: Backup, context: DataContext): Promise<BackupProof> {
    const began = context.clock.monotonic();
    const { stores } = context.facts;
    const place = stores[this.kind]?.backups;
    if (backup.bytes === undefined || backup.bytes === 0) {
      throw new UserError(
        `the backup ${backup.recordedAs} is ${backup.bytes === 0 ? "empty" : "of unknown size"}${place === undefined ? "" : ` in ${place.accountName}`}`,
        { mend: "take a new backup; this one is not used" },
      );
    }
    return { by: "listedAndSized", seconds: (context.clock.monotonic() - began) / 1000 };
  }

  private async proveByRestore(backup: Backup, context: DataContext): Promise<BackupProof> {
    const cluster = await this.world.cluster(context);
    const found = await findWork(cluster, this.kind, "prove", context.facts);
    const job = await this.run(
      cluster,
      found,
      `prove ${backup.recordedAs}`,
      jobName("prove", backup.recordedAs),
      context,
      { BACKUP_NAME: backup.recordedAs },
      true,
    );
    const report = reportOf(job);
    const counts = comparedCounts({ name: job.name, report });
    if (report.dropped !== true) {
      throw new UserError(
        `the scratch database ${report.target ?? ""} of the Job ${job.name} was not dropped: it holds real data`,
        { mend: "drop it; the next proof would, before it begins" },
      );
    }
    return {
      by: "restoreToScratch",
      counts,
      seconds: job.seconds,
      ...(report.target !== undefined && { scratch: report.target }),
    };
  }

  async migrate(
    { task, direction }: { readonly task: string; readonly direction: "up" | "down" | "verify" | "maintain" },
    context: DataContext,
  ): Promise<{ migrations: readonly string[]; seconds: number; job: string }> {
    const cluster = await this.world.cluster(context);
    const found = await findTask(cluster, task, context);
    const migrations = context.manifest.migration?.names ?? [];
    const job = await this.run(
      cluster,
      found,
      `migrate ${task} ${direction}`,
      jobName(found.name, context.release),
      context,
      {
        ...(migrations.length > 0 && { MIGRATIONS: migrations.join(",") }),
        ...(direction === "down" && { PREVIOUS_VERSION: previousVersion(found, task) }),
      },
      // Only what reads may run twice by itself; a migration that was cut off is a person's to look at.
      direction === "verify",
    );
    return { migrations, seconds: job.seconds, job: job.name };
  }

  async restore(
    from: Parameters<DataAdapter["restore"]>[0],
    confirmation: Parameters<DataAdapter["restore"]>[1],
    context: DataContext,
  ): Promise<Restored> {
    requireConfirmation(confirmation);
    const { system } = context.facts;
    const secrets = connectionSecrets[system]?.[this.kind] ?? [];
    if (secrets.length === 0) throw new UserError(`no contract restores ${this.kind} of ${system}`);
    if (!("backup" in from))
      throw new UserError(
        `${this.kind} of ${system} is restored from a recorded backup, not to a point in time`,
      );
    const began = context.clock.monotonic();
    const { recordedAs } = from.backup;
    const cluster = await this.world.cluster(context);
    const found = await findWork(cluster, this.kind, "restore", context.facts);
    const job = await this.run(
      cluster,
      found,
      `restore ${recordedAs}`,
      jobName("restored", recordedAs),
      context,
      { BACKUP_NAME: recordedAs },
      // The target of an attempt has the attempt's own name, so that one that was cut off stands in nobody's way.
      true,
    );
    const report = reportOf(job);
    comparedCounts({ name: job.name, report });
    const target = databaseOf(job.name);
    // An emulated cluster does not say where to.
    if (report.target !== undefined && report.target !== target)
      throw new UserError(`the Job ${job.name} restored to ${report.target} instead of ${target}`);
    const door = this.world.vault(context);
    for (const { secret } of secrets) {
      await switchSecret(door, secret, (value) => withDatabase(value, target));
      context.progress(`secret ${secret} names ${target}`);
    }
    // Also when the secret names it already: whoever wrote it may have died before this.
    const copies = await forgetSynced(
      cluster,
      found.namespace,
      secrets.map(({ secret }) => secret),
    );
    if (copies.length > 0)
      context.progress(`pods that start now read the vault anew: ${copies.join(", ")} taken away`);
    return {
      target,
      switchedSecret: secrets.map(({ secret }) => secret).join(", "),
      seconds: (context.clock.monotonic() - began) / 1000,
    };
  }

  private run(
    cluster: JobCluster,
    { namespace, cronJob }: FoundTask,
    step: string,
    name: string,
    context: DataContext,
    variables: NonNullable<JobRequest["variables"]>,
    repeatable: boolean,
  ): Promise<FinishedJob> {
    const request = { namespace, cronJob, name, release: context.release, step, variables, repeatable };
    return runJob(cluster, request, context);
  }
}

function previousVersion({ otherVersion }: FoundTask, task: string): string {
  if (otherVersion !== undefined) return otherVersion;
  throw new UserError(`${task} goes back to the version before, and no other side says which that is`, {
    mend: "the side that was live declares it; is its block still in the stack file?",
  });
}
