import { z } from "zod";
import { UserError } from "../user-error";
import type { FinishedJob } from "./job";

const rows = z.record(z.string(), z.number().int().min(0));

/** What a task of infra writes as termination message: JSON, at most 4,096 characters. */
const reportSchema = z.object({
  /** Size of what was written, as the storage says it afterwards. */
  bytes: z.number().int().min(0).optional(),
  /** Blobs that the storage lists of it. */
  files: z.number().int().min(0).optional(),
  /** Rows by table or documents by collection when the backup was begun. */
  source: rows.optional(),
  /** The same when it was done, where no snapshot holds writers off; equal to `source` elsewhere. */
  sourceAfter: rows.optional(),
  restored: rows.optional(),
  /** Database that was restored to. */
  target: z.string().optional(),
  /** Whether that database was dropped again. */
  dropped: z.boolean().optional(),
});
export type JobReport = z.infer<typeof reportSchema>;

/** @throws UserError when the Job left none, or something else */
export function reportOf({ name, message }: FinishedJob): JobReport {
  const wanted = (why: string) =>
    new UserError(`the Job ${name} succeeded and ${why}: what it did is not proven`, {
      mend: "its image must run the command that the stack declares; the report goes to /dev/termination-log",
    });
  if (message === undefined) throw wanted("left no report");
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch (error) {
    if (error instanceof SyntaxError) throw wanted("left a report that is no JSON");
    throw error;
  }
  const parsed = reportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw wanted(`left a report with faults (${z.prettifyError(parsed.error).replace(/\s+/g, " ")})`);
}

export type Counts = Readonly<Record<string, { readonly source: number; readonly restored: number }>>;

/**
 * Compares what was restored with what there was, table by table. Where writers went on while the backup ran, what was
 * restored must lie between both counts.
 *
 * @throws UserError naming the tables that differ
 */
export function comparedCounts({ name, report }: { name: string; report: JobReport }): Counts {
  const { source, restored, sourceAfter = source } = report;
  if (source === undefined || restored === undefined || sourceAfter === undefined)
    throw new UserError(`the Job ${name} reports no counts: the backup is not proven`);
  const tables = [...new Set([...Object.keys(source), ...Object.keys(restored)])].sort();
  if (tables.length === 0)
    throw new UserError(
      `the Job ${name} counted no table at all: the backup is empty, or of another database`,
    );
  const differing: string[] = [];
  const counts: Record<string, { source: number; restored: number }> = {};
  for (const table of tables) {
    const bounds = [source[table] ?? 0, sourceAfter[table] ?? 0];
    const got = restored[table];
    counts[table] = { source: bounds[0]!, restored: got ?? 0 };
    if (got === undefined || got < Math.min(...bounds) || got > Math.max(...bounds))
      differing.push(
        `${table}: ${[...new Set(bounds)].join(" to ")} in the source, ${got ?? "not"} restored`,
      );
  }
  if (differing.length === 0) return counts;
  throw new UserError(`the backup that ${name} restored is not whole: ${differing.join("; ")}`, {
    mend: "take a new backup; this one is not used",
  });
}
