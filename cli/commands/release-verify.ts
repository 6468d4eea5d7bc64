import { type Command, Option } from "commander";
import type { VerifiableStore } from "../../release/journal/verifiable-store";
import type { Inspection } from "../../release/journal/verify";
import { trainsName } from "../../release/train/train";
import { plural } from "../../reports/headline";
import type { CommandContext } from "../context";
import { Refused } from "../exit";
import { journalStoreOf } from "../release/journal-store";
import { localStack } from "../stack-files";

interface VerifyOptions {
  readonly stack: string;
  readonly format: "text" | "json";
}

/** `switchyard release verify`: that the journals of a system's releases are what those wrote. */
export function addReleaseVerify(parent: Command, context: CommandContext): void {
  parent
    .command("verify")
    .description(
      "that the journals of a system's releases were neither cut, edited nor rewritten, and who signed them",
    )
    .argument("<system>", "whose releases; train, SYSTEM.incidents or SYSTEM.schedule")
    .argument("[release]", "only this one")
    .addOption(new Option("-s, --stack <stack>", "where it was released").default(localStack))
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .action(async (named: string, release: string | undefined, { stack, format }: VerifyOptions) => {
      const { workspace } = context;
      const system = await journalsNamed(named);
      const store = journalStoreOf({ workspace, stack, user: process.env, warn: context.say });
      const inspections = await inspectAll(store, system, release ?? (named === system ? undefined : named));
      if (format === "json") context.out(`${JSON.stringify(inspections.map(summaryOf), null, 2)}\n`);
      else for (const inspection of inspections) context.out(`${lineOf(inspection)}\n`);
      const bad = inspections.filter(({ fault }) => fault !== undefined).length;
      if (bad > 0)
        throw new Refused(`error: ${plural(bad, "journal")} of ${inspections.length} cannot be relied on`);
    });
}

/**
 * Under which name the store has the journals of what was named.
 *
 * @throws UserError for what is no system, no train, and no incidents or schedules of a system
 */
async function journalsNamed(named: string): Promise<string> {
  // Every contract is read for it: no other command should wait for that.
  const [{ namesTrain }, { contractNamed }, { systemOfIncidentLane }, { systemOfScheduleLane }] =
    await Promise.all([
      import("../release/train/train-journal.js"),
      import("../release/contract-named.js"),
      import("../../release/incident/book.js"),
      import("../../release/schedule/book.js"),
    ]);
  if (namesTrain(named)) return trainsName;
  contractNamed(systemOfIncidentLane(named) ?? systemOfScheduleLane(named) ?? named);
  return named;
}

async function inspectAll(
  store: VerifiableStore,
  system: string,
  release: string | undefined,
): Promise<readonly Inspection[]> {
  const known = await store.releases(system);
  if (release !== undefined && !known.includes(release))
    throw new Refused(`error: ${system} has no release ${release} in ${store.where}`);
  if (known.length === 0) throw nothingVerified(system, store.where);
  const inspections: Inspection[] = [];
  for (const one of release === undefined ? known : [release])
    inspections.push(await store.inspect(system, one));
  return inspections;
}

/** An emptied store looks like one that nothing was ever written to. */
function nothingVerified(system: string, where: string): Refused {
  return new Refused(
    `error: ${where} holds no journal of ${system}: nothing is verified. Either nothing was released from here, or its journals were taken away`,
  );
}

function summaryOf({ release, records, fault, signedBy, unacknowledgedBytes, outcome }: Inspection) {
  return {
    release,
    records: records.length,
    from: records[0]?.at,
    to: records.at(-1)?.at,
    outcome,
    signedBy,
    unacknowledgedBytes,
    fault: fault && { kind: fault.kind, record: fault.sequence, message: fault.message, mend: fault.mend },
  };
}

function lineOf(inspection: Inspection): string {
  const { release, records, fault, signedBy, unacknowledgedBytes, outcome } = inspection;
  if (fault) return `${release}  ${fault.message}\n  ${fault.mend}`;
  const signed = signedBy.length === 0 ? "not signed yet" : `signed by ${signedBy.join(", ")}`;
  const torn =
    unacknowledgedBytes > 0 ? [`${plural(unacknowledgedBytes, "byte")} behind them never acknowledged`] : [];
  return [release, plural(records.length, "record"), signed, ...torn, outcome ?? "not ended"].join("  ");
}
