import { existsSync } from "node:fs";
import { Command, Option } from "commander";
import { type StandIn, standIns } from "../../local/providers/install";
import { sideBySide } from "../../local/side-by-side";
import { ensureToolchain } from "../../local/toolchain/ensure";
import { ensureClusterTools } from "../../local/toolchain/ensure-cluster-tools";
import { ensurePrometheus } from "../../local/toolchain/ensure-prometheus";
import { type ToolchainStatus, type ToolStatus, toolchainStatus } from "../../local/toolchain/status";
import type { CommandContext } from "../context";
import { pulumiHome } from "../engine/environment";

/** A stand-in and whether it was put where the engine looks for it. */
export type PlacedStandIn = StandIn & { readonly installed: boolean };

/** `switchyard toolchain`: which CLI, language host, plugins and servers are used, from where, and why. */
export function toolchainCommand(context: CommandContext): Command {
  const command = new Command("toolchain").description(
    "the Pulumi CLI, its Node language host, the tools of the local cluster, Prometheus and the stand-ins",
  );
  command
    .command("status")
    .description("what is used, its version, where it came from and why; fetches and installs nothing")
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .action(async (options: { format: string }) => {
      const status = await toolchainStatus();
      const placed = standIns(pulumiHome(context.workspace)).map((each) => ({
        ...each,
        installed: existsSync(each.path),
      }));
      const all = { ...status, standIns: placed };
      context.out(
        options.format === "json" ? `${JSON.stringify(all, null, 2)}\n` : statusText(status, placed),
      );
    });
  command
    .command("install")
    .description("fetch or build what is missing")
    .action(async () => {
      const { progress } = context;
      const [toolchain, { provider, controlPlane, customResources }, prometheus] = await sideBySide(
        context.signal,
        (signal) => ensureToolchain({ progress, signal }),
        (signal) => ensureClusterTools({ progress, signal }),
        (signal) => ensurePrometheus({ progress, signal }),
      );
      context.out(`pulumi ${toolchain.version} (${toolchain.source}): ${toolchain.pulumi}\n`);
      context.out(`kubernetes provider ${provider.version} (${provider.source}): ${provider.path}\n`);
      context.out(
        `control plane ${controlPlane.version} (${controlPlane.source}): ${controlPlane.kubeApiserver}\n`,
      );
      context.out(`custom resource definitions: ${customResources}\n`);
      context.out(`prometheus ${prometheus.version} (${prometheus.source}): ${prometheus.path}\n`);
    });
  return command;
}

export function statusText(status: ToolchainStatus, placed: readonly PlacedStandIn[]): string {
  const { pulumi, languageHost, cluster, cache, go, node } = status;
  const rows: [string, string][] = [];
  if (pulumi) {
    rows.push(["pulumi", `${pulumi.version}, ${pulumi.source}: ${pulumi.reason}`], ["", pulumi.path]);
  } else {
    rows.push(["pulumi", `none yet; the next command would ${status.next}`]);
  }
  rows.push(...[...cluster, status.prometheus].flatMap(toolRows));
  for (const { name, version, path, installed } of placed) {
    rows.push([`stand-in for ${name}`, `${version}: ${installed ? path : "written by the next up of dev"}`]);
  }
  rows.push(["floor", status.floor]);
  if (languageHost) {
    rows.push(
      ["language host", `${languageHost.source}: ${languageHost.reason}`],
      ["", languageHost.path ?? "put beside the CLI by the next command that needs it"],
    );
  }
  for (const { what, reason } of status.passedOver) rows.push(["passed over", `${what}: ${reason}`]);
  rows.push(["cache", `${cache.folder} (${Math.round(cache.bytes / 2 ** 20)} MB)`]);
  rows.push(["go", goText(go)]);
  rows.push(["node", `${node.version} ${node.path}`]);
  const width = Math.max(...rows.map(([key]) => key.length)) + 2;
  return rows.map(([key, text]) => `${key.padEnd(width)}${text}\n`).join("");
}

function toolRows({ name, found, next }: ToolStatus): [string, string][] {
  if (found === null) return [[name, `none yet; the next command that needs it would ${next}`]];
  return [
    [name, `${found.version}: ${found.reason}`],
    ["", found.path],
  ];
}

function goText(go: ToolchainStatus["go"]): string {
  const found = [go.version, go.path].filter((part) => part !== undefined).join(" ");
  return `${found || "not found"}${go.suitable ? "" : ` (${go.reason})`}`;
}
