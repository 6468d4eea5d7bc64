import { alertRuleGroups } from "../../infra/monitoring/alert-rules";
import { everyMonitoredSystem } from "../../infra/monitoring/every-contract";
import { rulesFile } from "../../infra/monitoring/rules-file";
import { type PrometheusEndpoint, startPrometheus } from "../../local/prometheus/daemon";
import { ensurePrometheus } from "../../local/toolchain/ensure-prometheus";
import { faster } from "../../release/gates/promql";
import type { CommandContext } from "../context";

export interface LocalPrometheusOptions {
  /** How often everything is scraped. @default 15 */
  readonly scrapeSeconds?: number;
  /** How much faster than life a rehearsal runs: alerts then need as much less time. @default 1 */
  readonly speed?: number;
}

/** Rule files of all contracts by system, which alerts of dev come from. */
export function contractRules(speed = 1): ReadonlyMap<string, string> {
  const pace =
    speed === 1 ? undefined : { speed, expression: (expression: string) => faster(expression, speed) };
  return new Map(
    everyMonitoredSystem.map((contract) => [contract.system, rulesFile(alertRuleGroups(contract), pace)]),
  );
}

/**
 * The Prometheus of dev, with the contracts' rules. The program is fetched or built at the first call, which no set-up
 * waits for.
 *
 * @throws UserError when the local cluster does not run, or there is no Prometheus and none can be had
 */
export async function startLocalPrometheus(
  { workspace, progress, signal }: Pick<CommandContext, "workspace" | "progress" | "signal">,
  { scrapeSeconds, speed }: LocalPrometheusOptions = {},
): Promise<PrometheusEndpoint> {
  const { path } = await ensurePrometheus({ progress, signal });
  return startPrometheus({
    stateDir: workspace.stateDir,
    binary: path,
    rules: contractRules(speed),
    ...(scrapeSeconds !== undefined && { scrapeSeconds }),
    progress,
    signal,
  });
}
