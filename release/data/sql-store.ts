import { connectionSecrets } from "../../runbooks/connection-secrets";
import { type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { ArmWork } from "./arm-work";
import { runContainerJob } from "./container-job";
import type { Backup, BackupProof, DataAdapter, DataContext, Restored } from "./data-adapter";
import { ownFromBefore, releaseTag } from "./made-by-release";
import { labelValueOf, shortHash } from "./names";
import { switchSecret, withCatalog } from "./vault-switch";
import { type DataWorld, requireConfirmation, resourceIdOf, storeFacts } from "./world";

const apiVersion = "2023-08-01";
/** How the names of copies and scratch databases go on after that of their source. */
const temporaryEnd = /^-(?:export|scratch)-[0-9a-f]{8}$/;

/** Azure SQL Database: exported from a copy by a task, restored to any moment into a new database of the same server. */
export class SqlStore implements DataAdapter {
  constructor(private readonly world: DataWorld) {}

  /** What is written to while it is exported is not consistent, hence the copy, which is taken away again (conflicts 41). */
  async backup(
    { recordedAs, task }: { readonly recordedAs: string; readonly task?: string },
    context: DataContext,
  ): Promise<Backup> {
    if (task === undefined) throw new UserError("the contract names no task that exports the database");
    const { container } = placeOf(context);
    const blobName = blobNameOf(recordedAs, container);
    const before = await this.sizeOf(blobName, context);
    const source = await this.source(context);
    const at = context.clock.now().toISOString();
    if (before === undefined) await this.exportCopy(task, source, blobName, context);
    const bytes = before ?? (await this.sizeOf(blobName, context));
    return { store: "sql", recordedAs, at, ...(bytes !== undefined && { bytes }) };
  }

  private async exportCopy(
    task: string,
    source: Json,
    blobName: string,
    context: DataContext,
  ): Promise<void> {
    const arm = this.world.arm(context);
    const sourceId = String(source.id);
    const copyId = siblingOf(sourceId, `export-${shortHash(context.release)}`);
    await sweep(arm, sourceId, copyId, context);
    const begun = await ownFromBefore(arm, copyId, apiVersion, context.release);
    if (begun !== undefined) requireOnline(begun, copyId, "is copied since before a crash");
    else {
      context.progress(`copies ${nameOf(sourceId)} to ${nameOf(copyId)}`);
      await arm.put(
        copyId,
        databaseBody(source, context, { createMode: "Copy", sourceDatabaseId: sourceId }),
        apiVersion,
      );
    }
    try {
      await runContainerJob(
        arm,
        {
          task,
          release: context.release,
          step: `backup ${task}`,
          variables: exportVariables(copyId, blobName),
        },
        context,
      );
    } finally {
      // Also after a failure: the copy costs as much as its source and holds the same data.
      await arm.delete(copyId, apiVersion);
      context.progress(`took ${nameOf(copyId)} away`);
    }
  }

  async prove(backup: Backup, by: BackupProof["by"], context: DataContext): Promise<BackupProof> {
    const began = context.clock.monotonic();
    const seconds = () => (context.clock.monotonic() - began) / 1000;
    switch (by) {
      case "listedAndSized": {
        const bytes = await this.sizeOf(blobNameOf(backup.recordedAs, placeOf(context).container), context);
        if (bytes === undefined) throw notProven(backup, "the storage does not list it");
        if (bytes === 0) throw notProven(backup, "it is empty");
        return { by, seconds: seconds() };
      }
      case "pointInTime":
        await this.requireRestorable(new Date(backup.at), context);
        return { by, seconds: seconds() };
      case "restoreToScratch": {
        const arm = this.world.arm(context);
        const scratchId = siblingOf(
          resourceIdOf(context.facts, "sql"),
          `scratch-${shortHash(context.release)}`,
        );
        // Before the attempt: what is not this release's must not be taken away after it.
        await ownFromBefore(arm, scratchId, apiVersion, context.release);
        await sweep(arm, resourceIdOf(context.facts, "sql"), scratchId, context);
        try {
          await this.restoreAt(scratchId, new Date(backup.at), context);
        } finally {
          await arm.delete(scratchId, apiVersion);
        }
        return { by, seconds: seconds(), scratch: nameOf(scratchId) };
      }
    }
  }

  async migrate(
    { task, direction }: { readonly task: string; readonly direction: "up" | "down" | "verify" | "maintain" },
    context: DataContext,
  ): Promise<{ migrations: readonly string[]; seconds: number; job: string }> {
    const migrations = context.manifest.migration?.names ?? [];
    const variables = {
      DIRECTION: direction,
      MIGRATIONS: migrations.join(","),
      // The service keeps the secret for half an hour, in which a restore may have given it another database.
      DATABASE_NAME: nameOf(resourceIdOf(context.facts, "sql")),
    };
    const step = `migrate ${task} ${direction}`;
    const job = { task, release: context.release, step, variables };
    const { name, seconds } = await runContainerJob(this.world.arm(context), job, context);
    return { migrations, seconds, job: name };
  }

  /** An export is not meant for restores: of a recorded backup it is the moment that counts (conflicts 41). */
  async restore(
    from: Parameters<DataAdapter["restore"]>[0],
    confirmation: Parameters<DataAdapter["restore"]>[1],
    context: DataContext,
  ): Promise<Restored> {
    requireConfirmation(confirmation);
    const began = context.clock.monotonic();
    const moment = "backup" in from ? new Date(from.backup.at) : from.pointInTime;
    const targetId = siblingOf(
      resourceIdOf(context.facts, "sql"),
      `restored-${shortHash(`${context.release} ${moment.toISOString()}`)}`,
    );
    await this.restoreAt(targetId, moment, context, redundancyOf);
    const target = nameOf(targetId);
    const secrets = connectionSecrets[context.facts.system]?.sql ?? [];
    if (secrets.length === 0) throw new UserError(`no secret of ${context.facts.system} names the database`);
    for (const { secret } of secrets)
      await switchSecret(this.world.vault(context), secret, (value) => withCatalog(value, target));
    return {
      target,
      switchedSecret: secrets.map(({ secret }) => secret).join(", "),
      seconds: (context.clock.monotonic() - began) / 1000,
    };
  }

  /** @param further properties of the new database, from those of its source. @default - none: it is soon taken away */
  private async restoreAt(
    targetId: string,
    moment: Date,
    context: DataContext,
    further: (source: Json) => Json = () => ({}),
  ): Promise<void> {
    const source = await this.requireRestorable(moment, context);
    context.progress(
      `restores ${nameOf(String(source.id))} of ${moment.toISOString()} to ${nameOf(targetId)}`,
    );
    const arm = this.world.arm(context);
    const before = await ownFromBefore(arm, targetId, apiVersion, context.release);
    const made =
      before ??
      (await arm.put(
        targetId,
        databaseBody(source, context, {
          createMode: "PointInTimeRestore",
          sourceDatabaseId: source.id,
          restorePointInTime: moment.toISOString(),
          ...further(source),
        }),
        apiVersion,
      ));
    requireOnline(made, targetId, "was restored");
  }

  /** @throws UserError for a moment before the database's earliest restore date, or after now */
  private async requireRestorable(moment: Date, context: DataContext): Promise<Json> {
    const source = await this.source(context);
    const { earliestRestoreDate } = mapAt(source, "properties");
    const now = context.clock.now();
    if (typeof earliestRestoreDate === "string" && Date.parse(earliestRestoreDate) > moment.getTime()) {
      throw new UserError(
        `${moment.toISOString()} cannot be restored: the earliest moment is ${earliestRestoreDate}`,
      );
    }
    if (moment > now) throw new UserError(`${moment.toISOString()} cannot be restored: it is after now`);
    return source;
  }

  private async source(context: DataContext): Promise<Json> {
    const id = resourceIdOf(context.facts, "sql");
    const found = await this.world.arm(context).get(id, apiVersion);
    if (found !== undefined) return { ...found, id };
    throw new UserError(`the database ${id} does not exist`, { mend: "switchyard up" });
  }

  private async sizeOf(prefix: string, context: DataContext): Promise<number | undefined> {
    const { accountName, container } = placeOf(context);
    const blobs = await this.world.blobs({ accountName, container, prefix }, context);
    return blobs.find(({ name }) => name === prefix)?.bytes;
  }
}

function placeOf({ facts }: DataContext): { readonly accountName: string; readonly container: string } {
  const { backups } = storeFacts(facts, "sql");
  if (backups !== undefined) return backups;
  throw new UserError(`the stack's output release of ${facts.system} does not say where backups are written`);
}

/** @param recordedAs address of the blob, as the contract records it */
function blobNameOf(recordedAs: string, container: string): string {
  const { pathname } = new URL(recordedAs);
  const [, first, ...rest] = pathname.split("/");
  if (first === container && rest.length > 0) return rest.join("/");
  throw new UserError(`${recordedAs} is not in the container ${container}, where backups are written`);
}

function exportVariables(copyId: string, blobName: string): Record<string, string> {
  return { DATABASE_NAME: nameOf(copyId), BLOB_NAME: blobName };
}

/** The same kind of database beside its source; backups and locks are not copied by Azure. */
function databaseBody(source: Json, { release }: DataContext, properties: Json): Json {
  const { location, sku, tags } = source;
  return {
    location,
    ...(sku !== undefined && { sku }),
    tags: { ...mapAt(tags), [releaseTag]: labelValueOf(release) },
    properties,
  };
}

/** Zones and where backups are kept: a restore takes neither from its source unless they are asked for. */
function redundancyOf(source: Json): Json {
  const { zoneRedundant, requestedBackupStorageRedundancy } = mapAt(source, "properties");
  return {
    ...(zoneRedundant !== undefined && { zoneRedundant }),
    ...(requestedBackupStorageRedundancy !== undefined && { requestedBackupStorageRedundancy }),
  };
}

/** @throws UserError, retriable: what is still made can be neither read nor named to anybody */
function requireOnline(database: Json, id: string, how: string): void {
  const { status } = mapAt(database, "properties");
  if (status === undefined || status === "Online") return;
  throw new UserError(`${nameOf(id)} ${how} and is ${String(status)}`, { retriable: true });
}

/**
 * Takes away the copies and scratch databases that earlier releases left, whose process died before it could: each costs as
 * much as its source and holds the same data. A system's releases come one after the other, so that nobody uses them.
 *
 * @param ownId of this release, which goes on with it
 */
async function sweep(arm: ArmWork, databaseId: string, ownId: string, context: DataContext): Promise<void> {
  const page = await arm.get(databaseId.slice(0, databaseId.lastIndexOf("/")), apiVersion);
  const left = listAt(page, "value").flatMap((item) => {
    const { name, tags } = mapAt(item);
    const isTemporary =
      typeof name === "string" &&
      name.startsWith(`${nameOf(databaseId)}-`) &&
      temporaryEnd.test(name.slice(nameOf(databaseId).length));
    const by = mapAt(tags)[releaseTag];
    const isOwn = name === nameOf(ownId) || by === labelValueOf(context.release);
    return isTemporary && typeof by === "string" && !isOwn ? [{ name, by }] : [];
  });
  for (const { name, by } of left) {
    try {
      await arm.delete(`${databaseId.slice(0, databaseId.lastIndexOf("/"))}/${name}`, apiVersion);
      context.progress(`took ${name} away, which ${by} had left`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // It is in nobody's way.
      context.progress(`${name}, which ${by} had left, is still there: ${error.message}`);
    }
  }
}

function siblingOf(databaseId: string, name: string): string {
  return `${databaseId.slice(0, databaseId.lastIndexOf("/"))}/${nameOf(databaseId)}-${name}`;
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

function notProven({ recordedAs }: Backup, why: string): UserError {
  return new UserError(`the backup ${recordedAs} is not proven: ${why}`, {
    mend: "take a new backup; this one is not used",
  });
}
