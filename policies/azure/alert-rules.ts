import { type ConnectionSecret, connectionSecretsOf } from "../../runbooks/connection-secrets";
import type { Alert, LogAlert, MetricAlert } from "../../runbooks/model";
import { describe, mapAt, objectsAt, optional, required, requiredText } from "../read";
import type { DeclaredResource, Properties } from "../resource";
import type { SystemView } from "../stack-view";
import { armIdOf, comparableId } from "./arm-id";
import { minutesOf } from "./duration";
import { azure } from "./types";

/** A figure of an alert rule, what the contract says, and what the rule says. */
export interface Difference {
  readonly path: string;
  readonly wanted: string;
  readonly found: string;
}

/** How often the results of availability tests are looked at. */
const availabilityMinutes = 1;

/** The alert rule that carries a contract's alert: its name is the contract's, with the system's prefix and suffix. */
export function alertRuleFor(system: SystemView, alert: Alert): DeclaredResource | undefined {
  const type = alert.kind === "log" ? azure.logAlert : azure.metricAlert;
  return system.ofType(type).find((rule) => isNamedAfter(requiredText(rule, "ruleName"), alert.name));
}

/** Whether a resource's name holds a contract's name as whole words: `kirana-errors-count-prod`, `errors-count`. */
export function isNamedAfter(resourceName: string, contractName: string): boolean {
  return `-${resourceName}-`.includes(`-${contractName}-`);
}

/**
 * Where an alert rule departs from its contract, figure by figure.
 * @throws AbsentValueError for a figure that the rule leaves to Azure's default
 */
export function differences(rule: DeclaredResource, alert: Alert, system: SystemView): readonly Difference[] {
  const common = compare(rule, [["severity", alert.severity]]);
  if (alert.kind === "availability") {
    const criteria = mapAt(rule, "criteria");
    return [
      ...common,
      ...compareMinutes(rule, "evaluationFrequency", availabilityMinutes),
      ...compare(criteria, [["failedLocationCount", alert.failedLocations]], "criteria."),
      ...availabilityScopes(rule, system),
    ];
  }
  const figures = [
    ...common,
    ...compareMinutes(rule, "windowSize", alert.windowMinutes),
    ...compareMinutes(rule, "evaluationFrequency", alert.evaluationEveryMinutes),
  ];
  const criteria = objectsAt(rule, "criteria.allOf");
  if (criteria.length !== 1) {
    return [...figures, { path: "criteria.allOf", wanted: "one condition", found: `${criteria.length}` }];
  }
  const condition = criteria[0]!;
  const limits = compare(
    condition,
    [
      ["threshold", alert.threshold],
      ["operator", alert.operator],
    ],
    "criteria.allOf.0.",
  );
  const rest =
    alert.kind === "metric" ? metricDifferences(condition, alert) : logDifferences(rule, condition, alert);
  return [...figures, ...limits, ...rest, ...scopeDifferences(rule, alert, system)];
}

/** What an availability alert watches: a test, and the system's component, to which the test's results go. */
function availabilityScopes(rule: DeclaredResource, system: SystemView): readonly Difference[] {
  const component = comparableId(requiredText(rule, "criteria.componentId"));
  const own = system.ofType(azure.applicationInsights).some((resource) => armIdOf(resource) === component);
  const wanted = [component, comparableId(requiredText(rule, "criteria.webTestId"))];
  const scopes = (required(rule, "scopes") as readonly string[]).map(comparableId);
  return [
    ...(own
      ? []
      : [{ path: "criteria.componentId", wanted: "the system's component", found: "another resource" }]),
    ...(wanted.every((id) => scopes.includes(id))
      ? []
      : [{ path: "scopes", wanted: "the component and the test of its criteria", found: "other resources" }]),
  ];
}

function metricDifferences(condition: Properties, alert: MetricAlert): readonly Difference[] {
  const wanted: [string, string | number][] = [
    // A dynamic criterion ignores the threshold.
    ["criterionType", "StaticThresholdCriterion"],
    ["metricName", alert.metric],
    ["metricNamespace", alert.metricNamespace],
    ["timeAggregation", alert.aggregation],
  ];
  const dimensions = objectsAt(condition, "dimensions");
  const missing = (alert.dimensions ?? []).filter(
    ({ name, values }) =>
      !dimensions.some(
        (dimension) =>
          dimension.name === name &&
          dimension.operator === "Include" &&
          [...(dimension.values as readonly string[])].sort().join() === [...values].sort().join(),
      ),
  );
  // One more narrows what is watched, or splits it.
  const surplus = dimensions.length - (alert.dimensions ?? []).length;
  return [
    ...compare(condition, wanted, "criteria.allOf.0."),
    ...(surplus > 0 && missing.length === 0 ? [surplusDimensions(surplus)] : []),
    ...missing.map(({ name, values }) => ({
      path: "criteria.allOf.0.dimensions",
      wanted: `${name} ${values.join(", ")}`,
      found: "other dimensions",
    })),
  ];
}

function surplusDimensions(count: number): Difference {
  return { path: "criteria.allOf.0.dimensions", wanted: "the contract's alone", found: `${count} more` };
}

function logDifferences(
  rule: DeclaredResource,
  condition: Properties,
  alert: LogAlert,
): readonly Difference[] {
  const found: Difference[] = [];
  if (oneLine(requiredText(condition, "query")) !== oneLine(alert.query)) {
    found.push({ path: "criteria.allOf.0.query", wanted: "the contract's query", found: "another one" });
  }
  const narrowing = objectsAt(condition, "dimensions").length;
  if (narrowing > 0) found.push(surplusDimensions(narrowing));
  // Absent means one of one; more would let the limit be broken for longer than the contract says.
  if (optional(condition, "failingPeriods") !== undefined) {
    const periods: [string, number][] = [
      ["failingPeriods.numberOfEvaluationPeriods", 1],
      ["failingPeriods.minFailingPeriodsToAlert", 1],
    ];
    found.push(...compare(condition, periods, "criteria.allOf.0."));
  }
  if (alert.measureColumn !== undefined) {
    found.push(...compare(condition, [["metricMeasureColumn", alert.measureColumn]], "criteria.allOf.0."));
    // Any other aggregation leaves one number as it is.
    if (required(condition, "timeAggregation") === "Count") {
      const path = "criteria.allOf.0.timeAggregation";
      found.push({ path, wanted: "one of the column's values", found: "the number of rows" });
    }
  }
  if (alert.overrideQueryMinutes !== undefined) {
    found.push(...compareMinutes(rule, "overrideQueryTimeRange", alert.overrideQueryMinutes));
  }
  return found;
}

/** What the rule watches. Log queries name workspace tables, so they run on the workspace. */
function scopeDifferences(
  rule: DeclaredResource,
  alert: MetricAlert | LogAlert,
  system: SystemView,
): readonly Difference[] {
  const target = alert.kind === "log" ? "workspace" : alert.target;
  const scopes = new Set((required(rule, "scopes") as readonly string[]).map(comparableId));
  const type = targetTypes[target];
  if (system.ofType(type).some((resource) => scopes.has(idInUse(resource, target, system)))) return [];
  return [{ path: "scopes", wanted: `the system's ${target}`, found: "another resource" }];
}

/** By target: what the secret holds that sends the app there, and the name in it. */
const sentTo: Readonly<
  Partial<Record<string, { readonly holds: ConnectionSecret["holds"]; readonly name: RegExp }>>
> = {
  cosmosAccount: { holds: "endpoint", name: /^https:\/\/([^./]+)\./ },
  sqlDatabase: { holds: "catalog", name: /(?:^|;)Database=([^;]+)/ },
};

/** Id of a database as it is used: a restore makes another one beside the declared one, and the secret names it. */
function idInUse(declared: DeclaredResource, target: string, system: SystemView): string {
  const id = armIdOf(declared);
  const by = sentTo[target];
  const names = connectionSecretsOf(system.name).flatMap(({ holds, secret }) =>
    holds === by?.holds ? secret : [],
  );
  const secret =
    by && system.ofType(azure.vaultSecret).find((each) => names.includes(requiredText(each, "secretName")));
  const [, name] = (secret && by.name.exec(requiredText(secret, "properties.value"))) ?? [];
  return name === undefined ? id : `${id.slice(0, id.lastIndexOf("/"))}/${name.toLowerCase()}`;
}

const targetTypes = {
  cosmosAccount: azure.cosmosAccount,
  plan: azure.plan,
  functionApp: azure.site,
  webApp: azure.site,
  sqlDatabase: azure.sqlDatabase,
  workspace: azure.workspace,
} as const;

function compare(
  from: DeclaredResource | Properties,
  wanted: readonly [string, string | number][],
  prefix = "",
): Difference[] {
  return wanted.flatMap(([path, value]) => {
    const found = required(from, path);
    return found === value ? [] : [{ path: prefix + path, wanted: String(value), found: describe(found) }];
  });
}

function compareMinutes(rule: DeclaredResource, path: string, wanted: number): Difference[] {
  const found = requiredText(rule, path);
  return minutesOf(found) === wanted ? [] : [{ path, wanted: `${wanted} minutes`, found: describe(found) }];
}

function oneLine(query: string): string {
  return query.replace(/\s+/g, " ").trim();
}

/** Ids of the action groups that an alert rule calls. */
export function actionGroupIdsOf(rule: DeclaredResource): readonly string[] {
  if (rule.type === azure.logAlert) {
    return ((optional(rule, "actions.actionGroups") ?? []) as readonly string[]).map(comparableId);
  }
  return objectsAt(rule, "actions").map((action) => comparableId(requiredText(action, "actionGroupId")));
}
