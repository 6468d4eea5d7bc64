import type { AvailabilityAlert } from "../../../runbooks/model";
import { type AppSystem, appSystems } from "../../app-systems";
import { alertRuleFor } from "../../azure/alert-rules";
import { armIdOf, comparableId } from "../../azure/arm-id";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { atLeast, equals, type PropertyExpectation } from "../../property-rule";
import { describe, objectsAt, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import type { SystemView } from "../../stack-view";
import { systemsRule } from "../../system-rule";
import { type Finding, violation } from "../../verdict";

export const availabilityTests = systemsRule({
  name: "availability-tests",
  topic: "monitoring",
  displayName: "The system is probed from outside",
  description:
    "Every probe of the contract is an availability test with the contract's path, answer and frequency.",
  severity: "high",
  ids: [
    "KIR-001",
    "KIR-037",
    "KIR-075",
    "KIR-085",
    "KIR-152",
    "TES-056",
    "TES-057",
    "TES-072",
    "TES-103",
    "TES-112",
  ],
  conflicts: [24, 37],
  remediationSteps: "Declare a standard WebTest per probe and let the alert's criteria refer to it.",
  systems: appSystems,
  findings: (system, entry) =>
    judgeEach(
      entry.system.contract.alerts.filter((alert) => alert.kind === "availability"),
      (probe) => alertRuleFor(system, probe)?.urn ?? system.urn,
      (probe) => judgeProbe(system, entry, probe),
    ),
});

function judgeProbe(system: SystemView, entry: AppSystem, probe: AvailabilityAlert): readonly Finding[] {
  const rule = alertRuleFor(system, probe);
  // That the alert rule is missing is for alert-for-each-gate to say.
  if (!rule) return [];
  const testId = comparableId(requiredText(rule, "criteria.webTestId"));
  const test = system.ofType(azure.webTest).find((candidate) => armIdOf(candidate) === testId);
  if (!test) return [violation(rule.urn, `criteria.webTestId names no availability test of the system`)];
  return judgeEach(
    [...figures(probe), "address", "locations"] as const,
    () => test.urn,
    (figure) => {
      if (figure === "address") return judgeAddress(system, entry, test, probe);
      if (figure === "locations") return judgeLocations(test, probe);
      const value = required(test, figure.path);
      if (figure.expected.holds(value)) return [];
      return [
        violation(test.urn, `${figure.path} must be ${figure.expected.says}, found ${describe(value)}`),
      ];
    },
  );
}

function figures(probe: AvailabilityAlert): readonly PropertyExpectation[] {
  const rules = "validationRules";
  return [
    { path: "enabled", expected: equals(true) },
    { path: "frequency", expected: equals(probe.everySeconds) },
    { path: "timeout", expected: equals(probe.timeoutSeconds) },
    { path: `${rules}.expectedHttpStatusCode`, expected: equals(probe.expectedStatus) },
    { path: `${rules}.sSLCheck`, expected: equals(true) },
    ...(probe.certificateMinimumDays === undefined
      ? []
      : [
          {
            path: `${rules}.sSLCertRemainingLifetimeCheck`,
            expected: atLeast(probe.certificateMinimumDays),
          },
        ]),
    ...(probe.expectedContent === undefined
      ? []
      : [
          { path: `${rules}.contentValidation.contentMatch`, expected: equals(probe.expectedContent) },
          { path: `${rules}.contentValidation.passIfTextFound`, expected: equals(true) },
        ]),
  ];
}

function judgeAddress(
  system: SystemView,
  entry: AppSystem,
  test: DeclaredResource,
  probe: AvailabilityAlert,
): readonly Finding[] {
  const host = entry.probedHost(system, probe.probe);
  if (host === undefined) return [];
  const wanted = `https://${host}${probe.path}`;
  if (requiredText(test, "request.requestUrl") === wanted) return [];
  return [violation(test.urn, `request.requestUrl must be ${wanted}`)];
}

/** With no more places than may fail, one outage at a provider of tests would look like one of the system. */
function judgeLocations(test: DeclaredResource, probe: AvailabilityAlert): readonly Finding[] {
  const places = objectsAt(test, "locations").length;
  if (places > probe.failedLocations) return [];
  return [violation(test.urn, `locations must be more than ${probe.failedLocations}, found ${places}`)];
}
