import type { Backup, BackupProof } from "../data/data-adapter";
import type { ReleaseState } from "../engine/state";

/** The last backup that the release made, with what proved it. */
export function dataFields({ done }: ReleaseState): Readonly<Record<string, string>> {
  const made = [...done.values()].map(({ seen }) => seen as { backup?: Backup; proof?: BackupProof } | null);
  const last = made.findLast((seen) => seen?.backup !== undefined);
  if (last?.backup === undefined) return {};
  const { store, recordedAs, at, bytes } = last.backup;
  const counts = Object.entries(last.proof?.counts ?? {});
  return {
    name: recordedAs,
    store,
    takenAt: at,
    ...(bytes !== undefined && { bytes: String(bytes) }),
    ...(counts.length > 0 && {
      rows: counts.map(([table, { source, restored }]) => `${table} ${restored} of ${source}`).join(", "),
    }),
  };
}
