import { contractsWithDashboards } from "../../../policies/contract-dashboards";
import type { RuleCases } from "../support/rule-cases";
import { stackOf } from "../support/stacks";

const tesoro = "tesoro-xp";
const health = "tesoro-xp-service-health";
const retail = "retail-agentic";
const maps = "platform-observability-dashboards";
const job = `${maps}-job`;
const cron = "spec/jobTemplate/spec/template/spec";

/** Text of a dashboard in the platform's stack with something replaced. */
function dashboardWith(system: string, uid: string, from: string | RegExp, to: string): string {
  const map = stackOf(retail, "production").find(({ key }) => key === `${maps}-${system}`);
  const text = (map?.props.data as Record<string, string> | undefined)?.[`${uid}.json`] ?? "";
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${uid}.json of ${system} has no ${String(from)}`);
  return changed;
}

const overview = { at: `${maps}-retail-agentic`, set: "data/retail-overview.json" } as const;

/** Rules on what tells people of something: dashboards, routes, Azure's own incidents. */
export const shownCases: readonly RuleCases[] = [
  {
    rule: "service-health-alert",
    stack: tesoro,
    broken: [
      { at: health, set: "enabled", to: false, alsoFails: ["alert-enabled"] },
      { at: health, set: "condition/allOf/0/equals", to: "Administrative" },
      { at: health, set: "condition/allOf/0/field", to: "level" },
      {
        at: health,
        set: "condition/allOf",
        to: [
          { field: "category", equals: "ServiceHealth" },
          { field: "properties.impactedServices[*].ServiceName", equals: "None" },
        ],
      },
      { at: health, set: "scopes", to: ["/subscriptions/x/resourceGroups/y"] },
      { at: health, set: "actions/actionGroups", to: [] },
      { at: health, drop: "actions/actionGroups/0" },
    ],
    absent: { at: health, drop: "condition" },
    unknown: { at: health, path: "actions/actionGroups/0/actionGroupId" },
  },
  {
    rule: "alert-routes-complete",
    stack: retail,
    broken: [
      { remove: ["retail-agentic-notify-slack-slack-webhook-monitoring"] },
      {
        at: "retail-agentic-notify-slack-slack-webhook-monitoring",
        set: "enabled",
        to: false,
        alsoFails: ["alert-enabled"],
      },
      { at: "retail-agentic-notify-slack-slack-webhook-monitoring", set: "logicAppReceivers", to: [] },
      { at: "retail-agentic-notify-slack-slack-webhook-monitoring", set: "actionGroupName", to: "other" },
    ],
    absent: { at: "retail-agentic-notify-slack-slack-webhook-monitoring", drop: "actionGroupName" },
    unknown: { at: "retail-agentic-notify-slack-slack-webhook-monitoring", path: "logicAppReceivers" },
  },
  {
    rule: "dashboards-complete",
    stack: retail,
    broken: [
      ...contractsWithDashboards.map(({ system }) => ({ remove: [`${maps}-${system}`] })),
      ...contractsWithDashboards.flatMap(({ system, dashboards }) =>
        dashboards.map(({ uid }) => ({ at: `${maps}-${system}`, drop: `data/${uid}.json` })),
      ),
      { ...overview, to: "not JSON" },
      { ...overview, to: dashboardWith(retail, "retail-overview", '"uid":"retail-overview"', '"uid":"x"') },
      { ...overview, to: dashboardWith(retail, "retail-overview", "Application Overview", "Other") },
      { ...overview, to: dashboardWith(retail, "retail-overview", /"panels":\[.*?"title":"/, "$&X") },
      { ...overview, to: dashboardWith(retail, "retail-overview", /"expr":"/, "$&0*") },
      {
        ...overview,
        to: dashboardWith(retail, "retail-overview", '"panels":[', '"panels":[{"title":"More"},'),
      },
      {
        at: `${maps}-tesoro-xp`,
        set: "data/tesoro-xp.json",
        to: dashboardWith(tesoro, "tesoro-xp", /"azureLogAnalytics":\{"query":"/, "$&take 1 | "),
      },
      { remove: [job] },
      { at: job, set: "spec/suspend", to: true },
      { at: job, set: "spec/schedule", to: "0 0 1 1 *" },
      { at: job, set: `${cron}/containers/0/volumeMounts`, to: [] },
      { at: job, set: `${cron}/volumes/1/configMap/name`, to: "other" },
    ],
    absent: { at: `${maps}-retail-agentic`, drop: "data" },
    unknown: { at: `${maps}-retail-agentic`, path: "data/retail-overview.json" },
  },
];
