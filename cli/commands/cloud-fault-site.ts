import { Command, InvalidArgumentError } from "commander";
import { setGauge, setHostFault } from "../../local/traffic/daemon";
import type { HostFault } from "../../local/traffic/front/host-faults";
import { UserError } from "../../local/user-error";
import type { CommandContext } from "../context";
import { shareNumber, wholeNumber } from "../options";

interface SiteFaultOptions {
  readonly host: string;
  readonly side?: string;
  readonly errorRate?: number;
  readonly status?: number;
  readonly latency?: number;
  readonly for?: number;
}

/** `switchyard cloud fault site`: how what a host serves misbehaves, on demand. */
export function siteFaultCommand(context: CommandContext): Command {
  return new Command("site")
    .description("make a host that the front serves misbehave, until its time is over or `fault clear`")
    .requiredOption("--host <host>", "as clients ask for it, such as api.kirana.test")
    .option("--side <side>", "only this side of a site: production, or a slot's name")
    .option("--error-rate <share>", "share of requests that fail, from 0 to 1", shareNumber)
    .option("--status <status>", "what those are answered with; 500 when not given", wholeNumber)
    .option("--latency <milliseconds>", "how long an answer waits", wholeNumber)
    .option("--for <time>", "such as 60s or 5m; until cleared when not given", seconds)
    .action(async ({ host, side, errorRate, status, latency, for: forSeconds }: SiteFaultOptions) => {
      if (errorRate === undefined && latency === undefined) {
        throw new UserError("No fault was named.", { mend: "Add --error-rate or --latency" });
      }
      const fault = await setHostFault(context.workspace.stateDir, {
        host,
        ...(side === undefined ? {} : { side }),
        ...(errorRate === undefined ? {} : { errorRate }),
        ...(status === undefined ? {} : { status }),
        ...(latency === undefined ? {} : { latencyMilliseconds: latency }),
        ...(forSeconds === undefined ? {} : { forSeconds }),
      });
      context.out(`${hostFaultText(fault)}\n`);
    });
}

/** `switchyard cloud fault metric`: a level of a resource that nothing here measures. */
export function metricFaultCommand(context: CommandContext): Command {
  return new Command("metric")
    .description("set what Azure Monitor says of a resource of the local cloud, until `fault clear`")
    .requiredOption("--resource <id>", "ARM id")
    .requiredOption("--metric <name>", "such as CpuPercentage")
    .requiredOption("--value <number>", "the level; none: no data points", level)
    .action(
      async ({ resource, metric, value }: { resource: string; metric: string; value: number | null }) => {
        await setGauge(context.workspace.stateDir, { resourceId: resource, metric, value });
        context.out(`${metric} of ${resource}: ${value ?? "no data points"}\n`);
      },
    );
}

export function hostFaultText({
  host,
  side,
  errorRate,
  status,
  latencyMilliseconds,
  until,
}: HostFault): string {
  const what = [
    ...(errorRate === undefined ? [] : [`error rate ${errorRate}, status ${status ?? 500}`]),
    ...(latencyMilliseconds === undefined ? [] : [`latency ${latencyMilliseconds} ms`]),
    ...(until === undefined ? [] : [`until ${new Date(until).toISOString()}`]),
  ];
  return `host ${host}${side === undefined ? "" : ` (${side})`}: ${what.join(", ")}`;
}

function seconds(text: string): number {
  const match = /^(\d+)(s|m|h)$/.exec(text);
  if (match === null)
    throw new InvalidArgumentError("Give a whole number with its unit, such as 60s, 5m, 1h.");
  return Number(match[1]) * { s: 1, m: 60, h: 3600 }[match[2] as "s" | "m" | "h"];
}

function level(text: string): number | null {
  if (text === "none") return null;
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("Give a number, or none.");
}
