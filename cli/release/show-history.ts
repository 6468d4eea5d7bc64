import type { ReleaseState } from "../../release/engine/state";
import { durationWords } from "../../release/plan/words";
import type { CommandContext } from "../context";
import { earlierReleases } from "./earlier-releases";
import { journalStoreOf } from "./journal-store";
import { contractNamed } from "./load-release";

export interface HistoryOptions {
  readonly stack: string;
  readonly format: "text" | "json";
}

/** Releases of a system with what became of them, and the figures that its runbook's targets are about. */
export async function showHistory(
  context: CommandContext,
  system: string,
  { stack, format }: HistoryOptions,
): Promise<void> {
  const contract = contractNamed(system);
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const states = await earlierReleases(store, system);
  const rows = states.map(rowOf);
  const figures = figuresOf(states);
  const targets = contract.entries.flatMap((entry) =>
    entry.word === "target" ? [{ name: entry.name, title: entry.title, ...targetOf(entry, figures) }] : [],
  );
  if (format === "json") {
    context.out(`${JSON.stringify({ system, stack, releases: rows, figures, targets }, undefined, 2)}\n`);
    return;
  }
  if (rows.length === 0) {
    context.out(`${system} has no release on ${stack} yet.\n`);
    return;
  }
  const lines = rows.map(({ release, from, to, outcome, seconds, why }) => {
    const lasted = seconds === null ? "" : durationWords(seconds);
    return `${release}  ${from ?? "(unknown)"} -> ${to}  ${outcome}  ${lasted}  ${why ?? ""}`.trimEnd();
  });
  const known = Object.entries(figures).map(([name, value]) => `  ${name}  ${value ?? "not known yet"}`);
  const held = targets.map(({ title, wanted, met }) => {
    const verdict = met === undefined ? "not known yet" : met ? "met" : "missed";
    return `  ${verdict.padEnd(13)}  ${title} (${wanted})`;
  });
  context.out(
    `${[...lines, "", "figures", ...known, ...(held.length > 0 ? ["", "targets", ...held] : [])].join("\n")}\n`,
  );
}

function rowOf({ release, plan, startedAt, ended, rollback }: ReleaseState) {
  return {
    release,
    from: plan.from.version ?? null,
    to: plan.manifest.version,
    startedAt,
    outcome: ended?.outcome ?? "unfinished",
    seconds: ended === undefined ? null : seconds(startedAt, ended.at),
    why: rollback?.why ?? ended?.why ?? null,
  };
}

interface Figures {
  readonly releases: number;
  readonly rollbackRatePercent: number | null;
  /** From the decision to go back until everything stood as before, mean over the rollbacks. */
  readonly meanTimeToRecoverySeconds: number | null;
  /** Mean over the finished ones. */
  readonly releaseSeconds: number | null;
}

function figuresOf(states: readonly ReleaseState[]): Figures {
  const moved = states.filter(
    ({ ended }) => ended?.outcome === "finished" || ended?.outcome === "rolledBack",
  );
  const back = moved.filter(({ ended }) => ended!.outcome === "rolledBack");
  const finished = moved.filter(({ ended }) => ended!.outcome === "finished");
  return {
    releases: states.length,
    rollbackRatePercent: moved.length === 0 ? null : Math.round((1000 * back.length) / moved.length) / 10,
    meanTimeToRecoverySeconds: mean(back.map(({ rollback, ended }) => seconds(rollback!.seenAt, ended!.at))),
    releaseSeconds: mean(finished.map(({ startedAt, ended }) => seconds(startedAt, ended!.at))),
  };
}

type Target = Extract<ReturnType<typeof contractNamed>["entries"][number], { word: "target" }>;

function targetOf({ figure, atMostSeconds, atLeastSeconds, span }: Target, figures: Figures) {
  if (figure !== undefined) {
    const value = figure.of in figures ? figures[figure.of as keyof Figures] : null;
    const wanted = `${figure.of} ${figure.operator} ${figure.limit}`;
    return value === null ? { wanted } : { wanted, met: compare(value, figure.operator, figure.limit) };
  }
  const limits = [
    ...(atMostSeconds === undefined ? [] : [`at most ${durationWords(atMostSeconds)}`]),
    ...(atLeastSeconds === undefined ? [] : [`at least ${durationWords(atLeastSeconds)}`]),
  ];
  return { wanted: `${limits.join(", ")} from ${span.from} to ${span.to}` };
}

function compare(value: number, operator: "<" | "<=" | ">" | ">=", limit: number): boolean {
  switch (operator) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
  }
}

function seconds(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1000);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0
    ? null
    : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
}
