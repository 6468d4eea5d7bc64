import type { AvailabilityAlert } from "../../../runbooks/model";
import { alertRuleFor } from "../../azure/alert-rules";
import { armIdOf, comparableId } from "../../azure/arm-id";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { atLeast, equals, type PropertyExpectation } from "../../property-rule";
import { describe, objectsAt, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import type { SystemView } from "../../stack-view";
import { systemRule } from "../../system-rule";
import { kirana } from "../../systems";
import { type Finding, judged, violation } from "../../verdict";

type KiranaView = SystemView<typeof kirana.contract>;

export const availabilityTests = systemRule({
  name: "availability-tests",
  topic: "monitoring",
  displayName: "The system is probed from outside",
  description:
    "Every probe of the contract is an availability test with the contract's path, answer and frequency.",
  severity: "high",
  ids: ["KIR-001", "KIR-037", "KIR-075", "KIR-085", "KIR-152"],
  conflicts: [24],
  remediationSteps: "Declare a standard WebTest per probe and let the alert's criteria refer to it.",
  system: kirana,
  evaluate(system) {
    const probes = system.contract.alerts.filter((alert) => alert.kind === "availability");
    return judged(
      judgeEach(
        probes,
        (probe) => alertRuleFor(system, probe)?.urn ?? system.urn,
        (probe) => judgeProbe(system, probe),
      ),
    );
  },
});

function judgeProbe(system: KiranaView, probe: AvailabilityAlert): readonly Finding[] {
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
      if (figure === "address") return judgeAddress(system, test, probe);
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
    { path: `${rules}.sSLCertRemainingLifetimeCheck`, expected: atLeast(probe.certificateMinimumDays) },
    ...(probe.expectedContent === undefined
      ? []
      : [
          { path: `${rules}.contentValidation.contentMatch`, expected: equals(probe.expectedContent) },
          { path: `${rules}.contentValidation.passIfTextFound`, expected: equals(true) },
        ]),
  ];
}

/** Elsewhere the host is one that Azure makes up, so preview cannot know it. */
function judgeAddress(
  system: KiranaView,
  test: DeclaredResource,
  probe: AvailabilityAlert,
): readonly Finding[] {
  if (system.environment !== "production") return [];
  const wanted = `https://${system.contract.domains[probe.probe]}${probe.path}`;
  if (requiredText(test, "request.requestUrl") === wanted) return [];
  return [violation(test.urn, `request.requestUrl must be ${wanted}`)];
}

/** With no more places than may fail, one outage at a provider of tests would look like one of the system. */
function judgeLocations(test: DeclaredResource, probe: AvailabilityAlert): readonly Finding[] {
  const places = objectsAt(test, "locations").length;
  if (places > probe.failedLocations) return [];
  return [violation(test.urn, `locations must be more than ${probe.failedLocations}, found ${places}`)];
}
