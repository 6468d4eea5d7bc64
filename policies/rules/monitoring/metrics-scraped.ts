import type { MetricExporter } from "../../../runbooks/prometheus";
import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { selects } from "../../kubernetes/objects";
import { kubernetes } from "../../kubernetes/types";
import { describe, listAt, objectsAt, required } from "../../read";
import type { DeclaredResource } from "../../resource";
import { type Finding, violation } from "../../verdict";

type Scraped = Exclude<MetricExporter, { readonly kind: "addon" }>;

const endpoint = "spec.podMetricsEndpoints.0";

export const metricsScraped = clusterRule({
  name: "metrics-scraped",
  topic: "monitoring",
  displayName: "Every series that an alert reads is collected",
  description:
    "Each exporter of the contract has a PodMonitor that asks its pods at the contract's port and path, under the contract's job.",
  severity: "high",
  ids: ["CAS-058", "CAS-075", "CAS-076"],
  conflicts: [77],
  remediationSteps: "Let ScrapeMonitors declare a PodMonitor for each exporter of the contract.",
  judge({ exporters, namespace }, view) {
    const monitors = view.ofType(kubernetes.podMonitor);
    return judgeEach(
      exporters.filter((exporter): exporter is Scraped => exporter.kind !== "addon"),
      ({ job }) => monitors.find((monitor) => jobOf(monitor) === job)?.urn ?? view.urn,
      (exporter) => {
        const monitor = monitors.find((candidate) => jobOf(candidate) === exporter.job);
        if (!monitor) return [violation(view.urn, `no PodMonitor collects the job ${exporter.job}`)];
        return judgeMonitor(monitor, exporter, namespace);
      },
    );
  },
});

/** Value that a monitor puts into the label `job`. */
function jobOf(monitor: DeclaredResource): unknown {
  required(monitor, "spec");
  return objectsAt(monitor, `${endpoint}.relabelings`).find(({ targetLabel }) => targetLabel === "job")
    ?.replacement;
}

function judgeMonitor(monitor: DeclaredResource, { job, port, path }: Scraped, namespace: string) {
  const wanted = { path, targetPort: port };
  const findings: Finding[] = Object.entries(wanted).flatMap(([property, value]) => {
    const found = required(monitor, `${endpoint}.${property}`);
    if (found === value) return [];
    return [violation(monitor.urn, `${endpoint}.${property} must be ${value}, found ${describe(found)}`)];
  });
  if (!selects(monitor, "spec.selector", { app: job }))
    findings.push(violation(monitor.urn, `spec.selector must name the pods with app=${job}`));
  if (!listAt(monitor, "spec.namespaceSelector.matchNames").includes(namespace))
    findings.push(violation(monitor.urn, `spec.namespaceSelector.matchNames must be ${namespace}`));
  return findings;
}
