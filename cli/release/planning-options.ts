import { type Command, InvalidArgumentError } from "commander";
import { localStack } from "../stack-files";

/** What decides a plan, beside the system; `release plan` and `release start` take the same. */
export interface PlanningOptions {
  readonly to: string;
  readonly stack: string;
  readonly emergency: boolean;
  readonly infrastructure: boolean;
  readonly reason?: string;
  readonly requestsPerSecond?: number;
  readonly at?: Date;
}

/** Options that decide a plan. */
export function addPlanningOptions(command: Command): Command {
  return addPathOptions(
    command
      .requiredOption("--to <manifest>", "file of the release's manifest, or on dev: example")
      .option("-s, --stack <stack>", "stack to release on", localStack),
  ).option("--at <time>", "when it is to begin, ISO 8601 (default: now, or when it is scheduled)", moment);
}

/** Those of them that say what kind of release it is. */
export function addPathOptions(command: Command, reason = "why the emergency path is taken"): Command {
  return command
    .option("--emergency", "take the runbook's emergency path, which needs --reason", false)
    .option("--reason <text>", reason)
    .option("--infrastructure", "the stack is updated in the release", false)
    .option(
      "--requests-per-second <number>",
      "what the system gets at that time, for the power of its gates",
      rate,
    );
}

function rate(text: string): number {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0) return value;
  throw new InvalidArgumentError("A number above 0 is needed, such as 40.");
}

/** @throws InvalidArgumentError for what is no time */
export function moment(text: string): Date {
  const date = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError("A time is needed, such as 2026-11-24T18:00:00Z.");
}
