import { Command, Option } from "commander";
import { type CloudStatus, cloudStatus, resetCloud, startCloud, stopCloud } from "../../local/cloud/daemon";
import { type ClusterStatus, clusterStatus, resetCluster, stopCluster } from "../../local/cluster/daemon";
import {
  type PrometheusStatus,
  prometheusStatus,
  resetPrometheus,
  stopPrometheus,
} from "../../local/prometheus/daemon";
import { ensureClusterTools } from "../../local/toolchain/ensure-cluster-tools";
import {
  resetTraffic,
  startTraffic,
  stopTraffic,
  type TrafficStatus,
  trafficStatus,
} from "../../local/traffic/daemon";
import type { CommandContext } from "../context";
import { startLocalCluster, usesKubernetes } from "../engine/kubernetes";
import { portNumber } from "../options";
import { localStack } from "../stack-files";
import { ownKubeconfig } from "../stack-settings";
import { faultCommand, faultText } from "./cloud-fault";
import { podFaultText } from "./cloud-fault-pod";
import { hostFaultText } from "./cloud-fault-site";

/** `switchyard cloud`: the embedded local cloud. */
export function cloudCommand(context: CommandContext): Command {
  const { stateDir } = context.workspace;
  const command = new Command("cloud").description("the embedded local cloud of the dev stack");
  command
    .command("start")
    .description("start it, or say that it runs")
    .option("--port <port>", "port on the loopback address; a free one when not given", portNumber)
    .option(
      "--cluster-port <port>",
      "port of the cluster's API server; the one of last time or a free one",
      portNumber,
    )
    .option("--prometheus", "with a Prometheus that scrapes the cluster; it is fetched or built once", false)
    .action(async (options: { port?: number; clusterPort?: number; prometheus: boolean }) => {
      const { progress, signal, workspace } = context;
      const endpoint = await startCloud({ stateDir, port: options.port, progress, signal });
      context.out(`local cloud at ${endpoint.url} (process ${endpoint.pid})\n`);
      const front = await startTraffic({ stateDir, progress, signal });
      context.out(`front of dev at ${front.url} (process ${front.pid})\n`);
      const wantsCluster = options.clusterPort !== undefined || options.prometheus;
      const needsCluster =
        usesKubernetes(workspace, localStack) && ownKubeconfig(workspace, localStack) === undefined;
      if (!wantsCluster && !needsCluster) return;
      const tools = await ensureClusterTools({ progress, signal });
      const cluster = await startLocalCluster(context, tools, options.clusterPort);
      context.out(`local cluster at ${cluster.server} (process ${cluster.pid})\n`);
      if (!options.prometheus) return;
      // Every contract is read for its rules: no other start should wait for that.
      const { startLocalPrometheus } = await import("../engine/prometheus.js");
      const prometheus = await startLocalPrometheus(context);
      context.out(`local Prometheus at ${prometheus.url} (process ${prometheus.pid})\n`);
    });
  command
    .command("stop")
    .description("stop it; its state stays")
    .action(async () => {
      const [cloud, cluster] = await Promise.all([
        stopCloud({ stateDir }),
        stopCluster({ stateDir }),
        stopTraffic({ stateDir }),
        stopPrometheus({ stateDir }),
      ]);
      context.out(cloud ? "local cloud stopped\n" : "local cloud was not running\n");
      if (cluster) context.out("local cluster stopped\n");
    });
  command
    .command("status")
    .description("whether it runs and what it holds")
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(["text", "json"]).default("text"),
    )
    .action(async (options: { format: string }) => {
      const [status, cluster, traffic] = await Promise.all([
        cloudStatus({ stateDir }),
        clusterStatus({ stateDir }),
        trafficStatus({ stateDir }),
      ]);
      const prometheus = prometheusStatus(stateDir);
      context.out(
        options.format === "json"
          ? `${JSON.stringify({ ...status, cluster, traffic, prometheus }, null, 2)}\n`
          : cloudStatusText(status) +
              trafficStatusText(traffic) +
              (cluster === undefined ? "" : clusterStatusText(cluster)) +
              (prometheus === undefined ? "" : prometheusStatusText(prometheus)),
      );
    });
  command
    .command("reset")
    .description("stop it and throw away everything in it")
    .option("--force", "do so although the dev stack still refers to it", false)
    .action(async (options: { force: boolean }) => {
      await resetCloud({ stateDir, force: options.force });
      await resetTraffic({ stateDir });
      await Promise.all([resetCluster({ stateDir }), resetPrometheus({ stateDir })]);
      context.out("local cloud is empty\n");
    });
  command.addCommand(faultCommand(context));
  return command;
}

function cloudStatusText(status: CloudStatus): string {
  if (!status.running) return "local cloud: not running (npx switchyard cloud start)\n";
  const lines = [`local cloud: ${status.url}, process ${status.pid}, since ${status.startedAt}`];
  if (status.residentBytes !== undefined)
    lines.push(`memory: ${Math.round(status.residentBytes / 2 ** 20)} MB`);
  const resources = Object.entries(status.resources ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  lines.push(`resources: ${resources.reduce((sum, [, count]) => sum + count, 0)}`);
  for (const [token, count] of resources) lines.push(`  ${String(count).padStart(4)}  ${token}`);
  for (const id of status.deleted ?? []) lines.push(`soft-deleted: ${id}`);
  for (const operation of status.operationsInProgress ?? []) {
    lines.push(`in progress${operation.stuck ? " (stuck)" : ""}: ${operation.kind} ${operation.resourceId}`);
  }
  for (const file of status.damaged ?? []) lines.push(`damaged: ${JSON.stringify(file)}`);
  for (const fault of status.faults ?? []) lines.push(`fault: ${faultText(fault)}`);
  return `${lines.join("\n")}\n`;
}

function trafficStatusText(status: TrafficStatus): string {
  if (!status.running) return "front of dev: not running (npx switchyard cloud start)\n";
  const { url, pid, startedAt, residentBytes = 0, sites = [], routes, faults = [] } = status;
  const lines = [
    `front of dev: ${url}, process ${pid}, since ${startedAt}, ${megabytes(residentBytes)}`,
    `  ${sites.length} sites, ${sites.filter(({ digest }) => digest !== null).length} of them deployed; ${routes} routes`,
    ...faults.map((fault) => `fault: ${hostFaultText(fault)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function prometheusStatusText({ running, url, pid, startedAt }: PrometheusStatus): string {
  if (!running) return "local Prometheus: not running (npx switchyard cloud start --prometheus)\n";
  return `local Prometheus: ${url}, process ${pid}, since ${startedAt}\n`;
}

function clusterStatusText(status: ClusterStatus): string {
  if (!status.running && status.residentBytes === 0) {
    return "local cluster: not running (npx switchyard cloud start)\n";
  }
  const state = status.answers ? "" : status.running ? ", does not answer" : ", its supervisor is gone";
  const lines = [`local cluster: ${status.server ?? "no address"}, since ${status.startedAt ?? "?"}${state}`];
  for (const { name, running, pid, restarts, residentBytes } of status.parts) {
    const memory = residentBytes === undefined ? "" : `, ${megabytes(residentBytes)}`;
    const again = restarts ? `, restarted ${restarts} times` : "";
    lines.push(`  ${name.padEnd(24)} ${running ? `process ${pid}${memory}${again}` : "not running"}`);
  }
  if (status.diskFull !== undefined) lines.push(`  ${status.diskFull}: free some space, then cloud start`);
  lines.push(`  ${"memory".padEnd(24)} ${megabytes(status.residentBytes)}`);
  const ready = status.pods.filter((pod) => pod.ready).length;
  lines.push(`  ${"pods".padEnd(24)} ${status.pods.length}, ${ready} of them ready`);
  if (status.kubeconfig !== undefined) lines.push(`  ${"kubeconfig".padEnd(24)} ${status.kubeconfig}`);
  for (const fault of status.faults) lines.push(`fault: ${podFaultText(fault)}`);
  return `${lines.join("\n")}\n`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
