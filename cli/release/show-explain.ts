import { UserError } from "../../local/user-error";
import type { JournalRecord } from "../../release/journal/entry";
import type { CommandContext } from "../context";
import { openRelease } from "./tell-release";

export interface ExplainOptions {
  readonly stack: string;
  readonly release?: string;
  readonly gate?: string;
  readonly format: "text" | "json";
}

/** Why a release is where it is: every verdict with its question, number, sample and zones, and what followed from it. */
export async function showExplain(
  context: CommandContext,
  system: string,
  options: ExplainOptions,
): Promise<void> {
  const { store, release, state } = await openRelease(context, system, options);
  const records = await store.open(system, release).read();
  if (options.gate !== undefined) requireGate(options.gate, state.plan.entries, records);
  const wanted = records.filter(({ entry }) => isTold(entry, options.gate));
  if (options.format === "json") {
    context.out(`${JSON.stringify({ release, records: wanted }, undefined, 2)}\n`);
    return;
  }
  const lines = wanted.flatMap((record) => told(record, state.plan.entries, state.startedAt));
  context.out(`${system}, release ${release}\n${lines.join("\n")}\n`);
}

/** @throws UserError for what is no gate of the release; one that was not looked at yet is */
function requireGate(named: string, entries: Entries, records: readonly JournalRecord[]): void {
  const planned = Object.values(entries).filter(({ word }) => word === "metricGate" || word === "checkGate");
  const looked = records.flatMap(({ entry }) =>
    "gate" in entry && entry.gate !== undefined ? [entry.gate] : [],
  );
  const gates = [...new Set([...planned.map(({ name }) => name), ...looked])].sort();
  if (gates.includes(named)) return;
  throw new UserError(`This release has no gate ${named}.`, { mend: `Its gates: ${gates.join(", ")}.` });
}

function isTold(entry: JournalRecord["entry"], gate: string | undefined): boolean {
  if (gate !== undefined) {
    if (entry.kind === "held" && entry.gates?.includes(gate)) return true;
    return "gate" in entry && entry.gate === gate;
  }
  return toldKinds.includes(entry.kind);
}

const toldKinds: readonly JournalRecord["entry"]["kind"][] = [
  "verdict",
  "held",
  "goesOn",
  "rollback",
  "failed",
  "command",
  "stopped",
  "ended",
  "reopened",
  "phase",
];

type Entries = Awaited<ReturnType<typeof openRelease>>["state"]["plan"]["entries"];

function told({ at, entry }: JournalRecord, entries: Entries, began: string): readonly string[] {
  const when = sinceBegan(at, began);
  const line = (text: string) => `${when}  ${text}`;
  switch (entry.kind) {
    case "phase":
      return [line(`phase ${entry.phase}`)];
    case "verdict": {
      const named = entries[entry.gate];
      const value =
        entry.value === undefined
          ? []
          : [`          saw      ${entry.value} ${unitOf(named)} from ${entry.count ?? "?"} samples`];
      return [
        line(`${entry.gate}: ${entry.verdict} – ${entry.why}`),
        `          asked    ${entry.question.replaceAll(/\s+/g, " ")}`,
        ...value,
        ...zonesOf(named),
      ];
    }
    case "held":
      return [line(`on hold: ${entry.why}${entry.needsPerson ? " (a person decides)" : ""}`)];
    case "goesOn":
      return [line(`goes on: ${entry.why} (${entry.by})`)];
    case "rollback":
      return [line(`ROLLBACK by ${entry.by}: ${entry.why} (seen ${entry.seenAt})`)];
    case "reopened":
      return [
        line(
          `TAKEN BACK after its end by ${entry.by}${entry.restore ? ", with the data" : ""}: ${entry.why}`,
        ),
      ];
    case "stopped":
      return [line(`does not go on: ${entry.why}`)];
    case "failed":
      return [
        line(
          `${entry.step}, attempt ${entry.attempt}: ${entry.why}${entry.retriable ? " (tried again)" : ""}`,
        ),
      ];
    case "command":
      return [
        line(
          `${entry.command} by ${entry.by}${roleOf(entry)}${entry.reason === undefined ? "" : `: ${entry.reason}`}`,
        ),
      ];
    case "ended":
      return [line(`${entry.outcome}: ${entry.why}`)];
    default:
      return [];
  }
}

function roleOf({ role }: { readonly role?: string | undefined }): string {
  return role === undefined ? "" : ` as ${role}`;
}

function unitOf(entry: Entries[string] | undefined): string {
  return entry?.word === "metricGate" ? entry.unit : "";
}

function zonesOf(entry: Entries[string] | undefined): readonly string[] {
  if (entry?.word !== "metricGate") return [];
  const { zones, comparedWith, windowSeconds, minimumSample } = entry;
  const against = comparedWith === undefined ? "" : ` times the ${comparedWith}`;
  const rollback = zones.rollback.map(
    ({ operator, limit, sustainedSeconds }) =>
      `rollback ${operator} ${limit}${against} for ${sustainedSeconds} s`,
  );
  const from = entry.ids.length === 0 ? "" : ` (${entry.ids.join(", ")})`;
  const all = [`pass ${zones.pass.operator} ${zones.pass.limit}${against}`, ...rollback];
  return [
    `          zones    ${all.join(", ")}; window ${windowSeconds} s, at least ${minimumSample.atLeast} ${minimumSample.of === "events" ? "events" : "data points"}${from}`,
  ];
}

function sinceBegan(at: string, began: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(at) - Date.parse(began)) / 1000));
  const pad = (number: number) => String(number).padStart(2, "0");
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}
