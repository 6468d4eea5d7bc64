import type { Dashboard } from "../../../runbooks/prometheus";
import { contractsWithDashboards } from "../../contract-dashboards";
import { judgeEach } from "../../decide";
import { objectNamed } from "../../kubernetes/declared-sides";
import { kubernetes } from "../../kubernetes/types";
import { mapAt, objectsAt, optional, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import type { SystemView } from "../../stack-view";
import { systemRule } from "../../system-rule";
import { platform } from "../../systems";
import { type Finding, judged, violation } from "../../verdict";

/** Name of the CronJob that puts them into Grafana; with a system's name behind it, of the ConfigMaps. */
const publisher = "grafana-dashboards";
const pod = "spec.jobTemplate.spec.template.spec";

export const dashboardsComplete = systemRule({
  name: "dashboards-complete",
  topic: "monitoring",
  system: platform,
  displayName: "Every dashboard of the runbooks is in Grafana, as it is written",
  description:
    "The platform holds each contract's dashboards with their titles, panels and queries, and a CronJob that publishes all of them.",
  severity: "medium",
  ids: [
    "STO-027",
    "STO-152",
    "STO-153",
    "STO-154",
    "STO-222",
    "RET-129",
    "RET-130",
    "RET-131",
    "RET-132",
    "CAS-058",
    "CAS-076",
  ],
  conflicts: [47],
  remediationSteps:
    "Let GrafanaPublisher render the contracts' dashboards; change a dashboard in runbooks/ only.",
  evaluate: (view) =>
    judged([
      ...judgeEach(
        contractsWithDashboards,
        ({ system }) => mapOf(view, system)?.urn ?? view.urn,
        ({ system, dashboards }) => {
          const map = mapOf(view, system);
          if (!map) return [violation(view.urn, `the ConfigMap ${publisher}-${system} is not declared`)];
          return judgeEach(
            dashboards,
            () => map.urn,
            (dashboard) => judgeDashboard(map, dashboard),
          );
        },
      ),
      ...judgeEach([view], () => view.urn, judgePublisher),
    ]),
});

function mapOf(view: SystemView, system: string): DeclaredResource | undefined {
  return objectNamed(view, kubernetes.configMap, `${publisher}-${system}`);
}

interface Shown {
  readonly uid?: unknown;
  readonly title?: unknown;
  readonly panels?: readonly {
    readonly title?: unknown;
    readonly targets?: readonly {
      readonly expr?: unknown;
      readonly azureLogAnalytics?: { readonly query?: unknown };
    }[];
  }[];
}

function judgeDashboard(map: DeclaredResource, wanted: Dashboard): readonly Finding[] {
  const file = `${wanted.uid}.json`;
  const text = mapAt(map, "data")[file];
  if (typeof text !== "string") return [violation(map.urn, `data["${file}"] is not declared`)];
  const shown = dashboardIn(text);
  if (!shown) return [violation(map.urn, `data["${file}"] must be a dashboard as JSON`)];
  const findings: Finding[] = [];
  if (shown.uid !== wanted.uid) findings.push(violation(map.urn, `uid of ${file} must be ${wanted.uid}`));
  if (shown.title !== wanted.title)
    findings.push(violation(map.urn, `title of ${file} must be ${JSON.stringify(wanted.title)}`));
  const panels = shown.panels ?? [];
  if (panels.length !== wanted.panels.length)
    findings.push(
      violation(map.urn, `${file} must have ${wanted.panels.length} panels, found ${panels.length}`),
    );
  for (const [index, panel] of wanted.panels.entries()) {
    const found = panels[index];
    if (!found) continue;
    if (found.title !== panel.title)
      findings.push(
        violation(map.urn, `panel ${index + 1} of ${file} must be ${JSON.stringify(panel.title)}`),
      );
    const queries = (found.targets ?? []).map(
      ({ expr, azureLogAnalytics }) => expr ?? azureLogAnalytics?.query,
    );
    const wantedQueries = panel.queries.map((query) =>
      query.source === "logs" ? query.query : query.expression,
    );
    if (JSON.stringify(queries) !== JSON.stringify(wantedQueries))
      findings.push(violation(map.urn, `panel "${panel.title}" of ${file} must ask the contract's queries`));
  }
  return findings;
}

function dashboardIn(text: string): Shown | undefined {
  try {
    return (JSON.parse(text) as { dashboard?: Shown }).dashboard;
  } catch {
    return undefined;
  }
}

function judgePublisher(view: SystemView): readonly Finding[] {
  const job = objectNamed(view, kubernetes.cronJob, publisher);
  if (!job) return [violation(view.urn, `the CronJob ${publisher} is not declared`)];
  const findings: Finding[] = [];
  const suspended = optional(job, "spec.suspend") ?? false;
  if (suspended !== false) findings.push(violation(job.urn, "spec.suspend must be false"));
  const { dashboardSchedule } = platform.contract;
  if (requiredText(job, "spec.schedule") !== dashboardSchedule)
    findings.push(violation(job.urn, `spec.schedule must be ${dashboardSchedule}`));
  required(job, `${pod}.containers`);
  const mounted = new Set(objectsAt(job, `${pod}.containers.0.volumeMounts`).map(({ name }) => name));
  const shown = new Set(
    objectsAt(job, `${pod}.volumes`).flatMap((volume) =>
      mounted.has(volume.name) ? [optional(volume, "configMap.name")] : [],
    ),
  );
  for (const { system } of contractsWithDashboards) {
    if (!shown.has(`${publisher}-${system}`))
      findings.push(violation(job.urn, `must mount the ConfigMap ${publisher}-${system}`));
  }
  return findings;
}
