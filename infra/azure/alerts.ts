import { WebTest } from "@pulumi/azure-native/applicationinsights/webTest";
import { MetricAlert } from "@pulumi/azure-native/monitor/metricAlert";
import { ScheduledQueryRule } from "@pulumi/azure-native/monitor/scheduledQueryRule";
import * as pulumi from "@pulumi/pulumi";
import type {
  Alert,
  AvailabilityAlert,
  LogAlert,
  MetricAlert as MetricAlertContract,
  NotificationChannel,
} from "../../runbooks/model";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { describeAlert, isoMinutes, logCriteria, metricCriteria } from "./alert-rules";
import { childOf } from "./component";

/** Something that a metric rule watches. */
export interface AlertTarget {
  readonly id: string;
  readonly resource: pulumi.Resource;
}

export interface AlertsArgs extends Placement {
  readonly alerts: readonly Alert[];
  /** Name of a rule or a web test from the contract's name of an alert. */
  readonly nameOf: (kind: "alertRule" | "webTest", alert: string) => string;
  readonly workspaceId: string;
  readonly componentId: string;
  readonly monitoring: readonly pulumi.Resource[];
  /** What the alerts watch; those of other systems are left out. */
  readonly targets: Readonly<Partial<Record<MetricAlertContract["target"], AlertTarget>>>;
  /** Origin that each probe asks, without a path. */
  readonly probes: Readonly<Partial<Record<AvailabilityAlert["probe"], pulumi.Input<string>>>>;
  readonly actionGroupIds: Readonly<Record<NotificationChannel, string>>;
  readonly actionGroups: readonly pulumi.Resource[];
}

/** Places from which availability is asked; five, as Azure advises (Microsoft Learn, "Application Insights availability tests"). */
const probeLocations = [
  "us-va-ash-azr",
  "us-il-ch1-azr",
  "us-tx-sn1-azr",
  "us-ca-sjc-azr",
  "emea-nl-ams-azr",
];

/** Every alert of a contract, each as the rule of its kind, with the action groups of its channels. */
export class Alerts extends pulumi.ComponentResource {
  private readonly args: AlertsArgs;
  private readonly prefix: string;

  constructor(name: string, args: AlertsArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:Alerts", name, {}, options);
    this.args = args;
    this.prefix = name;
    for (const alert of args.alerts) this.declare(alert);
    this.registerOutputs();
  }

  private declare(alert: Alert): void {
    switch (alert.kind) {
      case "log":
        this.declareLogRule(alert);
        break;
      case "metric":
        this.declareMetricRule(alert);
        break;
      case "availability":
        this.declareProbe(alert);
        break;
    }
  }

  private declareLogRule(alert: LogAlert): void {
    const { args } = this;
    new ScheduledQueryRule(
      `${this.prefix}-${alert.name}`,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        ruleName: args.nameOf("alertRule", alert.name),
        displayName: args.nameOf("alertRule", alert.name),
        description: describeAlert(alert),
        kind: "LogAlert",
        enabled: true,
        autoMitigate: true,
        severity: alert.severity,
        scopes: [args.workspaceId],
        windowSize: isoMinutes(alert.windowMinutes),
        evaluationFrequency: isoMinutes(alert.evaluationEveryMinutes),
        ...(alert.overrideQueryMinutes && { overrideQueryTimeRange: isoMinutes(alert.overrideQueryMinutes) }),
        criteria: logCriteria(alert),
        actions: { actionGroups: this.groupsOf(alert) },
        tags: args.tags,
      },
      childOf(this, [...args.monitoring, ...args.actionGroups]),
    );
  }

  private declareMetricRule(alert: MetricAlertContract): void {
    const { args } = this;
    const target = given(args.targets, alert.target, alert);
    new MetricAlert(
      `${this.prefix}-${alert.name}`,
      {
        ...this.metricRuleArgs(alert),
        windowSize: isoMinutes(alert.windowMinutes),
        evaluationFrequency: isoMinutes(alert.evaluationEveryMinutes),
        scopes: [target.id],
        targetResourceType: alert.metricNamespace,
        targetResourceRegion: args.location,
        criteria: metricCriteria(alert),
      },
      childOf(this, [target.resource, ...args.actionGroups]),
    );
  }

  private declareProbe(alert: AvailabilityAlert): void {
    const { args } = this;
    const webTestName = args.nameOf("webTest", alert.name);
    const webTestId = armId(args, "Microsoft.Insights/webtests", webTestName);
    const probe = new WebTest(
      `${this.prefix}-${alert.name}-probe`,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        webTestName,
        syntheticMonitorId: webTestName,
        webTestKind: "standard",
        kind: "standard",
        enabled: true,
        description: describeAlert(alert),
        frequency: alert.everySeconds,
        timeout: alert.timeoutSeconds,
        retryEnabled: true,
        locations: probeLocations.map((location) => ({ location })),
        request: {
          requestUrl: pulumi.interpolate`${given(args.probes, alert.probe, alert)}${alert.path}`,
          httpVerb: "GET",
          followRedirects: false,
          parseDependentRequests: false,
        },
        validationRules: {
          expectedHttpStatusCode: alert.expectedStatus,
          sSLCheck: true,
          ...(alert.certificateMinimumDays !== undefined && {
            sSLCertRemainingLifetimeCheck: alert.certificateMinimumDays,
          }),
          ...(alert.expectedContent && {
            contentValidation: {
              contentMatch: alert.expectedContent,
              ignoreCase: false,
              passIfTextFound: true,
            },
          }),
        },
        // Azure finds the component that a test belongs to by this tag.
        tags: { ...args.tags, [`hidden-link:${args.componentId}`]: "Resource" },
      },
      childOf(this, args.monitoring),
    );
    new MetricAlert(
      `${this.prefix}-${alert.name}`,
      {
        ...this.metricRuleArgs(alert),
        // A location answers once per interval: a shorter window would see none.
        windowSize: isoMinutes(alert.everySeconds / 60),
        evaluationFrequency: "PT1M",
        scopes: [webTestId, args.componentId],
        criteria: {
          odataType: "Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria",
          webTestId,
          componentId: args.componentId,
          failedLocationCount: alert.failedLocations,
        },
      },
      childOf(this, [probe, ...args.actionGroups]),
    );
  }

  private metricRuleArgs(alert: MetricAlertContract | AvailabilityAlert) {
    return {
      resourceGroupName: this.args.resourceGroupName,
      location: "global",
      ruleName: this.args.nameOf("alertRule", alert.name),
      description: describeAlert(alert),
      enabled: true,
      autoMitigate: true,
      severity: alert.severity,
      actions: this.groupsOf(alert).map((actionGroupId) => ({ actionGroupId })),
      tags: this.args.tags,
    };
  }

  private groupsOf({ channels }: Alert): string[] {
    return channels.map((channel) => this.args.actionGroupIds[channel]);
  }
}

/** @throws Error when a contract's alert watches something that its system did not hand over */
function given<Key extends string, Value>(
  values: Readonly<Partial<Record<Key, Value>>>,
  key: Key,
  { name }: Alert,
): Value {
  const value = values[key];
  if (value === undefined) throw new Error(`the alert ${name} watches ${key}, which was not given`);
  return value;
}
