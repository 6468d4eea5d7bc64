import { join } from "node:path";
import { hashSync } from "bcryptjs";
import { collectorJobs } from "./collectors";
import type { PrometheusFiles } from "./paths";
import type { PodMonitor } from "./pod-monitor";
import { monitorScrapes, timing } from "./scrape-configuration";

/** Login of the keeper at the server, made anew at each start. */
export const serverUser = "keeper";
/** The fewest rounds: the password is random, lives as long as the process, and is asked for with every question. */
const bcryptRounds = 4;

export interface ConfigurationInput {
  readonly monitors: readonly PodMonitor[];
  readonly files: PrometheusFiles;
  readonly intervalMilliseconds: number;
  /** How often rules are looked at whose group does not say. */
  readonly evaluationMilliseconds: number;
  /** The keeper, which speaks for the cluster's collectors, and the token that it wants. */
  readonly keeper: { readonly host: string; readonly token: string };
}

/** What Prometheus reads: JSON, which is YAML as well. */
export function configurationText(input: ConfigurationInput): string {
  const { monitors, files, intervalMilliseconds, evaluationMilliseconds, keeper } = input;
  const scraping = { intervalMilliseconds, targetsFolder: files.targets };
  return JSON.stringify(
    {
      global: { ...timing(scraping), evaluation_interval: `${evaluationMilliseconds}ms` },
      rule_files: [join(files.rules, "*.yaml")],
      scrape_configs: [
        ...collectorJobs.map((job) => ({
          job_name: job,
          metrics_path: `/collectors/${job}`,
          authorization: { credentials: keeper.token },
          static_configs: [{ targets: [keeper.host], labels: { cluster: "switchyard-local" } }],
        })),
        ...monitors.flatMap((monitor) => monitorScrapes(monitor, scraping)),
      ],
    },
    null,
    1,
  );
}

export function webConfigurationText(password: string): string {
  return JSON.stringify({ basic_auth_users: { [serverUser]: hashSync(password, bcryptRounds) } });
}
