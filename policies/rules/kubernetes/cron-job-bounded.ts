import { kubernetes } from "../../kubernetes/types";
import { atLeast, type Expectation, equals, oneOf, propertyRule } from "../../property-rule";

const few: Expectation = {
  says: "a number from 0 to 3",
  holds: (value) => typeof value === "number" && value >= 0 && value <= 3,
};

export const cronJobBounded = propertyRule({
  name: "cron-job-bounded",
  topic: "kubernetes",
  displayName: "Work on data ends, and does not run twice at once",
  description:
    "A CronJob forbids a second run beside the first, gives up after a time, retries little and says when it runs by name of a time zone.",
  severity: "high",
  ids: ["STO-050", "STO-070", "RET-116", "CAS-030", "CAS-037"],
  remediationSteps:
    "Declare concurrencyPolicy: Forbid, timeZone, activeDeadlineSeconds, backoffLimit and restartPolicy: Never.",
  types: [kubernetes.cronJob],
  properties: [
    { path: "spec.concurrencyPolicy", expected: equals("Forbid") },
    { path: "spec.timeZone", expected: { says: "a time zone", holds: (value) => typeof value === "string" } },
    { path: "spec.jobTemplate.spec.activeDeadlineSeconds", expected: atLeast(1) },
    { path: "spec.jobTemplate.spec.backoffLimit", expected: few },
    { path: "spec.jobTemplate.spec.template.spec.restartPolicy", expected: oneOf("Never", "OnFailure") },
  ],
});
