import type { Backup, BackupProof } from "../data/data-adapter";
import type { ReleaseState } from "./state";

export interface MadeBackup {
  readonly backup: Backup;
  readonly proof?: BackupProof;
}

/** Backups that the release made, with what proved them; `required`: the stores that its plan backs up. */
export function backupsOf({ plan, done }: ReleaseState): {
  readonly required: readonly string[];
  readonly made: readonly MadeBackup[];
} {
  const required = plan.steps.flatMap(({ entry }) => {
    const named = plan.entries[entry];
    return named?.word === "step" && named.does.action === "backup" ? [named.does.store] : [];
  });
  const made = [...done.values()].flatMap(({ seen }) => {
    const { backup, proof } = (seen ?? {}) as Partial<MadeBackup>;
    return backup === undefined ? [] : [{ backup, ...(proof !== undefined && { proof }) }];
  });
  return { required: [...new Set(required)], made };
}

/** Migrations of the manifest: which ran, and which were looked at afterwards. */
export function migrationsOf({ plan, done }: ReleaseState) {
  const named = (direction: string) =>
    plan.steps.flatMap(({ id, entry }) => {
      const step = plan.entries[entry];
      const fits =
        step?.word === "step" && step.does.action === "migrate" && step.does.direction === direction;
      const seen = fits ? done.get(id)?.seen : undefined;
      return seen === undefined ? [] : [(seen as { migrations?: readonly string[] } | null)?.migrations];
    });
  const wanted = plan.manifest.migration?.names ?? [];
  // A task that names none ran what the candidate brings: all of it or nothing.
  const all = (names: readonly (readonly string[] | undefined)[]) =>
    names.flatMap((each) => (each === undefined || each.length === 0 ? wanted : each));
  const ran = all(named("up"));
  const verifies = plan.steps.some(({ entry }) => {
    const step = plan.entries[entry];
    return step?.word === "step" && step.does.action === "migrate" && step.does.direction === "verify";
  });
  return { wanted, ran, verified: verifies ? all(named("verify")) : ran };
}
