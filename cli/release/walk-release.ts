import { startTraffic } from "../../local/traffic/daemon";
import type { RunResult } from "../../release/engine/run";
import type { CommandContext } from "../context";
import { isLocalStack } from "../stack-files";
import type { LoadedSystem } from "./load-release";
import { type ProcessArgs, runRelease } from "./release-process";
import { playUsers, type Users, usersWords } from "./users";

/** As the stack's PodMonitors have it. */
const usualScrapeSeconds = 15;

export interface WalkArgs extends ProcessArgs {
  /** On dev, whose systems have no users: requests a second that are sent as theirs; 0 for none. */
  readonly users: number;
  /** Traffic is to go back: nothing is waited for before. @default false */
  readonly urgent?: boolean;
}

/** Runs a release to where it ends or waits; on dev with users, and a Prometheus where gates ask one. */
export async function walkRelease(context: CommandContext, args: WalkArgs): Promise<RunResult> {
  const { loaded, users, urgent = false, speed, progress } = args;
  const { stack } = loaded;
  // A step that previews the stack would put the front of this build in the place of another's, and users would lose it.
  if (isLocalStack(stack) && !urgent) await startTraffic({ stateDir: context.workspace.stateDir });
  const playing = users > 0 && isLocalStack(stack) ? usersOfDev(context, args) : undefined;
  try {
    const measuring = startPrometheusFor(context, loaded, speed);
    if (urgent) void measuring.catch((error: Error) => progress(`gates see no Prometheus: ${error.message}`));
    else await measuring;
    return await runRelease(context, args);
  } finally {
    if (playing !== undefined) progress(usersWords(await playing.stop()));
  }
}

/** Nothing of dev that is missing keeps traffic from going back. */
function usersOfDev({ workspace }: CommandContext, args: WalkArgs): Users | undefined {
  const { loaded, users, urgent = false, progress } = args;
  try {
    return playUsers(loaded.contract, loaded.facts, workspace.stateDir, users);
  } catch (error) {
    if (!urgent) throw error;
    progress(`no users are played: ${(error as Error).message}`);
    return undefined;
  }
}

/** On dev a Prometheus scrapes the pods, as often as the rehearsal is faster than life. */
async function startPrometheusFor(
  context: CommandContext,
  { contract, stack }: LoadedSystem,
  speed: number,
): Promise<void> {
  const asked = contract.entries.some(
    (entry) =>
      entry.on.includes("dev") && entry.word === "metricGate" && entry.measurement.provider === "prometheus",
  );
  if (!asked || !isLocalStack(stack)) return;
  const { startLocalPrometheus } = await import("../engine/prometheus.js");
  await startLocalPrometheus(context, { speed, scrapeSeconds: Math.max(usualScrapeSeconds / speed, 0.5) });
}
