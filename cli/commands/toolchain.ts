import { Command, Option } from "commander";
import { sideBySide } from "../../local/side-by-side";
import { ensureToolchain } from "../../local/toolchain/ensure";
import { ensureClusterTools } from "../../local/toolchain/ensure-cluster-tools";
import { type ToolchainStatus, toolchainStatus } from "../../local/toolchain/status";
import type { CommandContext } from "../context";

/** `switchyard toolchain`: which CLI, language host, plugins and servers are used, from where, and why. */
export function toolchainCommand(context: CommandContext): Command {
  const command = new Command("toolchain").description(
    "the Pulumi CLI, its Node language host, and the tools of the local cluster",
  );
  command
    .command("status")
    .description("what is used, its version, where it came from and why; changes nothing")
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .action(async (options: { format: string }) => {
      const status = await toolchainStatus();
      context.out(options.format === "json" ? `${JSON.stringify(status, null, 2)}\n` : statusText(status));
    });
  command
    .command("install")
    .description("fetch or build what is missing")
    .action(async () => {
      const { progress } = context;
      const [toolchain, { provider, controlPlane, customResources }] = await sideBySide(
        context.signal,
        (signal) => ensureToolchain({ progress, signal }),
        (signal) => ensureClusterTools({ progress, signal }),
      );
      context.out(`pulumi ${toolchain.version} (${toolchain.source}): ${toolchain.pulumi}\n`);
      context.out(`kubernetes provider ${provider.version} (${provider.source}): ${provider.path}\n`);
      context.out(
        `control plane ${controlPlane.version} (${controlPlane.source}): ${controlPlane.kubeApiserver}\n`,
      );
      context.out(`custom resource definitions: ${customResources}\n`);
    });
  return command;
}

function statusText(status: ToolchainStatus): string {
  const { pulumi, languageHost, cluster, cache, go, node } = status;
  const rows: [string, string][] = [];
  if (pulumi) {
    rows.push(["pulumi", `${pulumi.version}, ${pulumi.source}: ${pulumi.reason}`], ["", pulumi.path]);
  } else {
    rows.push(["pulumi", `none yet; the next command would ${status.next}`]);
  }
  for (const { name, found, next } of cluster) {
    if (found) rows.push([name, `${found.version}: ${found.reason}`], ["", found.path]);
    else rows.push([name, `none yet; the next command that needs it would ${next}`]);
  }
  rows.push(["floor", status.floor]);
  if (languageHost) {
    rows.push(["language host", `${languageHost.source}: ${languageHost.reason}`], ["", languageHost.path]);
  }
  for (const { what, reason } of status.passedOver) rows.push(["passed over", `${what}: ${reason}`]);
  rows.push(["cache", `${cache.folder} (${Math.round(cache.bytes / 2 ** 20)} MB)`]);
  rows.push(["go", goText(go)]);
  rows.push(["node", `${node.version} ${node.path}`]);
  const width = Math.max(...rows.map(([key]) => key.length)) + 2;
  return rows.map(([key, text]) => `${key.padEnd(width)}${text}\n`).join("");
}

function goText(go: ToolchainStatus["go"]): string {
  const found = [go.version, go.path].filter((part) => part !== undefined).join(" ");
  return `${found || "not found"}${go.suitable ? "" : ` (${go.reason})`}`;
}
