import { Command, Option } from "commander";
import { plural } from "../../reports/headline";
import { trustedKeys } from "../attest/trusted-keys";
import type { CommandContext } from "../context";
import { Refused } from "../exit";
import { type ReadRecord, readRecords, updateOf, verifyChain, withoutEnd } from "../records/chain";
import { recordPolicy } from "../records/record-keeper";
import type { RecordPlace } from "../records/record-place";
import { runningUpdates } from "../records/running-updates";
import { localStack } from "../stack-files";

interface RecordsOptions {
  readonly stack: string;
  readonly format: "text" | "json";
}

/** `switchyard records`: the signed records of a stack's changes. */
export function recordsCommand(context: CommandContext): Command {
  const command = new Command("records").description("the signed records of every up of a stack");
  const stack = () => new Option("-s, --stack <stack>", "whose records").default(localStack);
  command
    .command("list")
    .description("who changed the stack when, from which commit, and how it ended; verifies nothing")
    .addOption(stack())
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .action(async (options: RecordsOptions) => {
      const records = await read(context, options.stack);
      if (options.format === "json") {
        const list = records.map(({ name, digest, record, faults }) => ({
          name,
          digest,
          ...record?.predicate,
          faults,
        }));
        context.out(`${JSON.stringify(list, null, 2)}\n`);
      } else context.out(records.map((record) => `${lineOf(record)}\n`).join("") || "no records\n");
    });
  command
    .command("verify")
    .description("that every record is signed by a known key, unchanged, and that none is missing in between")
    .addOption(stack())
    .action(async (options: RecordsOptions) => {
      const place = placeOf(context, options.stack);
      // Asked first: one that ends meanwhile then has its end among the records.
      const running = await runningUpdates(context.workspace);
      const [records, keys, looseness] = await Promise.all([
        readRecords(place, options.stack),
        trustedKeys(context.workspace, options.stack, "records"),
        place.looseness(),
      ]);
      if (records.length === 0) throw nothingVerified(context, options.stack);
      const faults = [
        ...verifyChain(records, keys, running),
        ...(looseness === undefined ? [] : [{ name: place.name, reason: looseness }]),
      ];
      for (const { name, record } of withoutEnd(records))
        if (running.has(updateOf(record.predicate))) context.say(`${name}: this update runs now`);
      for (const { name, reason } of faults) context.out(`${name}: ${reason}\n`);
      if (faults.length > 0)
        throw new Refused(`error: ${plural(faults.length, "fault")} in ${plural(records.length, "record")}`);
      context.out(
        `${plural(records.length, "record")}, each signed, none missing between the first and the last\n`,
      );
    });
  return command;
}

function placeOf(context: CommandContext, stack: string): RecordPlace {
  return recordPolicy({ ...context, stack, user: process.env }).place;
}

function read(context: CommandContext, stack: string): Promise<ReadRecord[]> {
  return readRecords(placeOf(context, stack), stack);
}

/** An emptied place looks like one that nothing was ever kept in. */
function nothingVerified(context: CommandContext, stack: string): Refused {
  const { name } = placeOf(context, stack);
  return new Refused(
    `error: ${name} holds no record of ${stack}: nothing is verified. Either the stack was never brought up from here, or its records were taken away`,
  );
}

function lineOf({ name, record, faults }: ReadRecord): string {
  if (!record) return `${name}  ${faults.join("; ")}`;
  const { startedAt, result, actor, closedBy, commit, changes, policies } = record.predicate;
  const from = commit ? `${commit.id.slice(0, 12)}${commit.clean ? "" : " with changes"}` : "no commit";
  const { create, update, replace, delete: deleted } = changes;
  const what = `+${create} ~${update} ±${replace} -${deleted}`;
  const judged = policies ? `policies ${policies.digest.slice(7, 19)}` : "no policies";
  const ended = closedBy ? `cut off, closed by ${closedBy.name} (${closedBy.where})` : result;
  return [startedAt, ended, `${actor.name} (${actor.where})`, from, what, judged, ...faults].join("  ");
}
