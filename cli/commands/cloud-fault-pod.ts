import { Command } from "commander";
import { callKubelet, type KubeletEndpoint, readKubeletEndpoint } from "../../local/cluster/kubelet/endpoint";
import type { NewPodFault, PodFault } from "../../local/cluster/kubelet/pod-faults";
import { UserError } from "../../local/user-error";
import type { CommandContext } from "../context";
import { shareNumber, wholeNumber } from "../options";

interface PodFaultOptions {
  readonly errorRate?: number;
  readonly errorStatus?: number;
  readonly latencyMs?: number;
  readonly startDelay?: number;
  readonly notReady?: true;
  readonly crash?: true;
  readonly imagePullError?: true;
  readonly exitCode?: number;
}

/** `switchyard cloud fault pod`: how programs on the local cluster misbehave, on demand. */
export function podFaultCommand(context: CommandContext): Command {
  return new Command("pod")
    .description("make pods of the local cluster misbehave, those that come later too, until `fault clear`")
    .argument("<namespace/selector>", "such as retail-agentic/app=retail-backend,deployment=green")
    .option("--error-rate <share>", "share of requests that fail, from 0 to 1", shareNumber)
    .option("--error-status <status>", "what those are answered with; 500 when not given", wholeNumber)
    .option("--latency-ms <n>", "how long an answer waits", wholeNumber)
    .option("--start-delay <seconds>", "how long a started program answers nothing", wholeNumber)
    .option("--not-ready", "the readiness probe fails")
    .option("--crash", "the program ends, and again after each start")
    .option("--image-pull-error", "the image of a new pod cannot be pulled")
    .option("--exit-code <n>", "how the program of a Job ends", wholeNumber)
    .action(async (where: string, options: PodFaultOptions) => {
      const fault = await callKubelet<PodFault>(
        runningKubelet(context.workspace.stateDir),
        "POST",
        "/faults",
        newFault(where, options),
      );
      context.out(`${podFaultText(fault)}\n`);
    });
}

function newFault(where: string, options: PodFaultOptions): NewPodFault {
  const slash = where.indexOf("/");
  if (slash < 1) {
    throw new UserError(`"${where}" does not say which pods are meant`, {
      mend: "Give namespace/selector, such as retail-agentic/app=retail-backend,deployment=green",
    });
  }
  const { latencyMs, startDelay, ...same } = options;
  const behaviour = {
    ...same,
    ...(latencyMs === undefined ? {} : { latencyMilliseconds: latencyMs }),
    ...(startDelay === undefined ? {} : { startDelaySeconds: startDelay }),
  };
  if (Object.keys(behaviour).length === 0) {
    throw new UserError("No fault was named.", {
      mend: "Add at least one of --error-rate, --latency-ms, --start-delay, --not-ready, --crash, --image-pull-error, --exit-code",
    });
  }
  return { namespace: where.slice(0, slash), selector: where.slice(slash + 1), ...behaviour };
}

export function podFaultText({ id: _, namespace, selector, ...behaviour }: PodFault): string {
  const what = Object.entries(behaviour).map(([name, value]) => (value === true ? name : `${name} ${value}`));
  return `pods ${namespace}/${selector}: ${what.join(", ")}`;
}

/** A line for each; none when no cluster runs. */
export async function podFaultLines(stateDir: string): Promise<string[]> {
  const kubelet = readKubeletEndpoint(stateDir);
  return kubelet ? (await callKubelet<PodFault[]>(kubelet, "GET", "/faults")).map(podFaultText) : [];
}

/** @returns how many were cleared; 0 when no cluster runs */
export async function clearPodFaults(stateDir: string): Promise<number> {
  const kubelet = readKubeletEndpoint(stateDir);
  return kubelet ? (await callKubelet<{ cleared: number }>(kubelet, "DELETE", "/faults")).cleared : 0;
}

function runningKubelet(stateDir: string): KubeletEndpoint {
  const endpoint = readKubeletEndpoint(stateDir);
  if (endpoint) return endpoint;
  throw new UserError("The local cluster is not running.", { mend: "Start it: npx switchyard cloud start" });
}
