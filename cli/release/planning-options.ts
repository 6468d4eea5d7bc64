import { type Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../exit";
import { reasonText } from "../options";
import { localStack } from "../stack-files";

/** What decides a plan, beside the system; `release plan` and `release start` take the same. */
export interface PlanningOptions {
  /** Absent for a release of infrastructure alone that names none. */
  readonly to?: string;
  readonly stack: string;
  readonly emergency: boolean;
  /** Whether the stack is updated before the candidate is deployed. */
  readonly infrastructure: boolean;
  /** Whether nothing but the stack is released. @default false */
  readonly alone?: boolean;
  readonly reason?: string;
  readonly requestsPerSecond?: number;
  readonly at?: Date;
}

/** Of a release that has a candidate. */
export type WithManifest<Options extends PlanningOptions = PlanningOptions> = Options & {
  readonly to: string;
};

const kinds = ["application", "full", "infrastructure"] as const;

/** The same as it is given on the command line. */
export interface GivenPlanningOptions extends Omit<PlanningOptions, "alone"> {
  readonly type?: (typeof kinds)[number];
}

/** Options that decide a plan. */
export function addPlanningOptions(command: Command): Command {
  return addPathOptions(
    command
      .option(
        "--to <manifest>",
        "file of the release's manifest, or on dev: example; of infrastructure alone one without components, or none",
      )
      .option("-s, --stack <stack>", "stack to release on", localStack)
      .addOption(typeOption()),
  );
}

/** What is released. */
export function typeOption(): Option {
  return new Option(
    "--type <type>",
    "what is released: code on the stack as it is, the stack alone, or first the stack and then code",
  )
    .choices(kinds)
    .default(undefined, "application");
}

/** Those of them that say what kind of release it is. */
export function addPathOptions(command: Command, reason = "why the emergency path is taken"): Command {
  return command
    .option("--emergency", "take the runbook's emergency path, which needs --reason", false)
    .option("--reason <text>", reason, reasonText)
    .option("--infrastructure", "the stack is updated in the release: the same as --type full", false)
    .option(
      "--requests-per-second <number>",
      "what the system gets at that time, for the power of its gates",
      rate,
    );
}

/**
 * What the options that were given mean together.
 *
 * @param systems that are to be released
 * @throws UsageError for those that do not go together
 */
export function chosenOptions<Given extends GivenPlanningOptions>(
  given: Given,
  systems: readonly string[],
): Omit<Given, "type"> & PlanningOptions {
  const { type, ...options } = given;
  if (type !== undefined && type !== "full" && options.infrastructure)
    throw new UsageError(`--infrastructure is --type full; received --type ${type} as well`);
  if (type !== "infrastructure") {
    if (options.to === undefined) throw new UsageError("required option '--to <manifest>' not specified");
    return { ...options, infrastructure: options.infrastructure || type === "full" };
  }
  if (systems.length > 1)
    throw new UsageError(
      `--type infrastructure releases one stack by one runbook; received ${systems.join(", ")}`,
    );
  return { ...options, alone: true };
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
