import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import type { CommandContext } from "../context";
import { pathName } from "../options";
import { putFile } from "../put-file";

/** `switchyard monitoring`: alerts, routes and dashboards of the contracts as files for a workstation. */
export function monitoringCommand(context: CommandContext): Command {
  const command = new Command("monitoring").description("alerts, routes and dashboards of the contracts");
  command
    .command("render")
    .description(
      "write rules for Prometheus, routes for Alertmanager, dashboards for Grafana and escalation policies for PagerDuty",
    )
    .requiredOption("-o, --out <folder>", "where to; what has the same name there is replaced", pathName)
    .option("--inbox <url>", "where Alertmanager sends every message", inboxAddress, "http://127.0.0.1:9099")
    .action(async ({ out, inbox }: { out: string; inbox: string }) => {
      // Every contract is read for it: no other command should wait for that.
      const { workstationFiles } = await import("../../infra/monitoring/workstation-files.js");
      const folder = resolve(out);
      for (const [path, text] of [...workstationFiles(inbox), ...(await policyFiles())]) {
        const file = join(folder, path);
        putFile(file, text);
        context.out(`${file}\n`);
      }
    });
  return command;
}

/** Bodies for PagerDuty's API: who is paged next, and after how long, as the contracts' ladders say. */
async function policyFiles(): Promise<readonly (readonly [path: string, text: string])[]> {
  const [{ contracts }, { pagerDutyPolicies }] = await Promise.all([
    import("../../runbooks/contracts.js"),
    import("../../release/incident/pager-duty-policy.js"),
  ]);
  return contracts.flatMap((contract) =>
    [...pagerDutyPolicies(contract, "production")].map(
      ([ladder, policy]) =>
        [`pagerduty/${contract.system}/${ladder}.json`, `${JSON.stringify(policy, undefined, 2)}\n`] as const,
    ),
  );
}

function inboxAddress(text: string): string {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address?.protocol !== "http:" && address?.protocol !== "https:") {
    throw new InvalidArgumentError("An address is needed, such as http://127.0.0.1:9099.");
  }
  return text.replace(/\/+$/, "");
}
