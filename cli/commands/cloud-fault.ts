import { Command, Option } from "commander";
import {
  type ActiveFault,
  type CloudEndpoint,
  clearFaults,
  type Fault,
  listFaults,
  readEndpoint,
  setFault,
} from "../../local/cloud/daemon";
import { clearHostFaults, hostFaults } from "../../local/traffic/daemon";
import { UserError } from "../../local/user-error";
import type { CommandContext } from "../context";
import { wholeNumber } from "../options";
import { clearPodFaults, podFaultCommand, podFaultLines } from "./cloud-fault-pod";
import { hostFaultText, metricFaultCommand, siteFaultCommand } from "./cloud-fault-site";

interface AddOptions {
  readonly kind: Fault["kind"];
  readonly method?: string;
  readonly id?: string;
  readonly type?: string;
  readonly times: number;
  readonly retryAfter?: number;
  readonly milliseconds?: number;
}

/** `switchyard cloud fault`: how Azure misbehaves, on demand. */
export function faultCommand(context: CommandContext): Command {
  const command = new Command("fault").description("make the local cloud misbehave as Azure does");
  command
    .command("add")
    .description("add a fault; it hits the next requests that match")
    .addOption(
      new Option("--kind <kind>", "throttle: 429; error: 500; latency; stuck: an operation that never ends")
        .choices(["throttle", "error", "latency", "stuck"])
        .makeOptionMandatory(),
    )
    .option("--method <method>", "only this HTTP method")
    .option("--id <pattern>", "only resource ids that match this regular expression")
    .option("--type <type>", "only this ARM type or token, such as azure-native:web:WebApp")
    .option("--times <n>", "number of requests that it hits", wholeNumber, 1)
    .option("--retry-after <seconds>", "throttle: seconds of Retry-After", wholeNumber)
    .option("--milliseconds <n>", "latency: how long an answer waits", wholeNumber)
    .action(async (options: AddOptions) => {
      const fault = await setFault(running(context), {
        match: { method: options.method, idPattern: options.id, type: options.type },
        kind: options.kind,
        times: options.times,
        retryAfterSeconds: options.retryAfter,
        milliseconds: options.milliseconds,
      });
      context.out(`${faultText(fault)}\n`);
    });
  command
    .command("list")
    .description("faults that have not been used up")
    .action(async () => {
      const lines = [
        ...(await listFaults(running(context))).map(faultText),
        ...(await podFaultLines(context.workspace.stateDir)),
        ...(await hostFaults(context.workspace.stateDir)).map(hostFaultText),
      ];
      context.out(lines.length === 0 ? "no faults\n" : lines.map((line) => `${line}\n`).join(""));
    });
  command
    .command("clear")
    .description("remove all faults, those of pods and hosts too; operations that hang by one go on")
    .action(async () => {
      const cleared = await clearFaults(running(context));
      const ofPods = await clearPodFaults(context.workspace.stateDir);
      const ofHosts = await clearHostFaults(context.workspace.stateDir);
      context.out(`${cleared + ofPods + ofHosts} faults cleared\n`);
    });
  command.addCommand(podFaultCommand(context));
  command.addCommand(siteFaultCommand(context));
  command.addCommand(metricFaultCommand(context));
  return command;
}

export function faultText(fault: ActiveFault): string {
  const match = Object.entries(fault.match).filter(([, value]) => value !== undefined);
  const what = match.length === 0 ? "any request" : match.map(([key, value]) => `${key} ${value}`).join(", ");
  return `${fault.kind} on ${what}: ${fault.times} to come, ${fault.hits} hit`;
}

function running(context: CommandContext): CloudEndpoint {
  const endpoint = readEndpoint(context.workspace.stateDir);
  if (endpoint) return endpoint;
  throw new UserError("The local cloud is not running.", { mend: "Start it: npx switchyard cloud start" });
}
