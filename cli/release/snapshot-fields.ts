import type { EntryOfWord } from "../../release/engine/parts";
import { metricSamples } from "../../release/records/metric-samples";
import type { CommandContext } from "../context";
import type { LoadedRelease } from "./load-release";
import { observeTracks } from "./observe-tracks";
import { exportStack } from "./stack-export";

export interface SnapshotArgs {
  readonly context: CommandContext;
  readonly release: Omit<LoadedRelease, "observed">;
  readonly releaseId: string;
  readonly now: Date;
}

/** What stands before a release moves anything: the stack's state, its tracks, and metrics of the time before. */
export async function snapshotFields(
  entry: EntryOfWord<"record">,
  { context, release, releaseId, now }: SnapshotArgs,
): Promise<Record<string, string>> {
  const wanted = (field: string) => entry.fields.includes(field);
  const { stack, contract, facts, settings, surroundings } = release;
  const fields: Record<string, string> = {};
  if (wanted("export of the stack")) {
    const { file, digest, updatedAt } = await exportStack(context, stack, releaseId);
    fields["export of the stack"] = file;
    fields["digest of the export"] = digest;
    fields["time of its last update"] = updatedAt;
  }
  if (wanted("version of each slot")) {
    const seen = await observeTracks(contract, facts, settings.sides, surroundings, context.signal);
    const tracks = Object.entries(seen);
    const text = (name: string, values: Readonly<Record<string, string | number>>) =>
      `${name}: ${Object.entries(values)
        .map(([side, value]) => `${side} ${value}`)
        .join(", ")}`;
    fields["version of each slot"] = tracks.map(([name, { versions }]) => text(name, versions)).join("; ");
    fields["slot with the traffic"] = tracks
      .map(([name, { live, traffic }]) => `${live ?? "none"} (${text(name, traffic)} %)`)
      .join("; ");
  }
  if (entry.samples !== undefined)
    Object.assign(fields, await metricSamples(entry.samples, facts, surroundings.arm(context.signal), now));
  return fields;
}
