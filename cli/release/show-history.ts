import { durationWords } from "../../release/plan/words";
import type { CommandContext } from "../context";
import { contractNamed } from "./contract-named";
import { earlierReleases } from "./earlier-releases";
import { type History, type HistoryRow, type HistoryTarget, historyOf } from "./history";
import { journalStoreOf } from "./journal-store";

export interface HistoryOptions {
  readonly stack: string;
  readonly format: "text" | "json";
}

/** Releases of a system with what became of them, and how they stand to its runbook's targets. */
export async function showHistory(
  context: CommandContext,
  system: string,
  { stack, format }: HistoryOptions,
): Promise<void> {
  const contract = contractNamed(system);
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const history = historyOf(contract, await earlierReleases(store, system));
  if (format === "json") {
    context.out(`${JSON.stringify({ system, stack, ...history }, undefined, 2)}\n`);
    return;
  }
  context.out(
    history.releases.length === 0 ? `${system} has no release on ${stack} yet.\n` : textOf(history),
  );
}

function textOf({ releases, figures, targets }: History): string {
  const known = [
    `  releases that were no rehearsal  ${figures.releases}`,
    `  rolled back                      ${valueWords(figures.rollbackRatePercent, (percent) => `${percent} %`)}`,
    `  mean time to recovery            ${valueWords(figures.meanTimeToRecoverySeconds, durationWords)}`,
    `  mean time of a release           ${valueWords(figures.releaseSeconds, durationWords)}`,
  ];
  const held = targets.length === 0 ? [] : ["", "targets", ...targets.map(targetLine)];
  return `${[...releases.map(rowLine), "", "figures", ...known, ...held].join("\n")}\n`;
}

function valueWords(value: number | null, words: (value: number) => string): string {
  return value === null ? "not known yet" : words(value);
}

function rowLine(row: HistoryRow): string {
  const { release, from, to, stackChanges, outcome, seconds, finishedAt, why, speed } = row;
  const became = finishedAt === null ? outcome : `${outcome}, after it had finished at ${finishedAt}`;
  const lasted = seconds === null ? "" : durationWords(seconds);
  const rehearsal = speed === 1 ? "" : ` (rehearsal, ${speed} times as fast)`;
  const version =
    stackChanges === undefined
      ? `${from ?? "(unknown)"} -> ${to}`
      : `${to} stays, ${stackChanges} ${stackChanges === 1 ? "change" : "changes"} of its stack`;
  return `${release}  ${version}  ${became}  ${lasted}${rehearsal}  ${why ?? ""}`.trimEnd();
}

function targetLine({ title, wanted, measured, met }: HistoryTarget): string {
  const verdict = met === undefined ? "not known yet" : met ? "met" : "missed";
  const value = measured === undefined ? "" : `: ${measured}`;
  return `  ${verdict.padEnd(13)}  ${title} (${wanted})${value}`;
}
