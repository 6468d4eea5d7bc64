import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { Clock } from "../engine/clock";
import type { Manifest } from "../plan/manifest";

export interface DataContext {
  readonly facts: ReleaseFacts;
  readonly manifest: Manifest;
  readonly release: string;
  readonly candidate: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  /**
   * Aborted when the time of this try is over: operations of Azure are then waited for no longer. A Job is ended by its own
   * deadline. @default none
   */
  readonly limit?: AbortSignal;
}

/** A backup that exists, under the name by which a restore finds it. */
export interface Backup {
  readonly store: string;
  readonly recordedAs: string;
  readonly at: string;
  readonly bytes?: number;
}

/** What proves a backup. */
export interface BackupProof {
  readonly by: "restoreToScratch" | "listedAndSized" | "pointInTime";
  /** Rows by table or documents by collection, of the source and of what was restored. */
  readonly counts?: Readonly<Record<string, { readonly source: number; readonly restored: number }>>;
  readonly seconds: number;
  /** Scratch target that was made and taken away again. */
  readonly scratch?: string;
}

/** That people decided to restore: without one nothing is restored. */
export interface RestoreConfirmation {
  readonly confirmedBy: readonly { readonly person: string; readonly role: string }[];
  readonly reason: string;
}

export interface Restored {
  readonly target: string;
  /** Secrets that now name the target; several stand with commas. */
  readonly switchedSecret: string;
  readonly seconds: number;
}

/**
 * One kind of store. Every method is idempotent under its name: asked again after a crash it finds what it began.
 *
 * @throws UserError, `retriable` or not
 */
export interface DataAdapter {
  /** @param step `recordedAs` with its fields filled (`recordedName`) */
  backup(
    step: { readonly recordedAs: string; readonly task?: string },
    context: DataContext,
  ): Promise<Backup>;
  prove(backup: Backup, by: BackupProof["by"], context: DataContext): Promise<BackupProof>;
  migrate(
    step: { readonly task: string; readonly direction: "up" | "down" | "verify" | "maintain" },
    context: DataContext,
  ): Promise<{ readonly migrations: readonly string[]; readonly seconds: number; readonly job?: string }>;
  /** To a new target, then the secret that applications read is switched; the old target stays as it is. */
  restore(
    from: { readonly backup: Backup } | { readonly pointInTime: Date },
    confirmation: RestoreConfirmation,
    context: DataContext,
  ): Promise<Restored>;
}
