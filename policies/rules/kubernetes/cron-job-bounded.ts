import { releaseKeyAnnotation } from "../../../runbooks/sides";
import { kubernetes } from "../../kubernetes/types";
import { atLeast, type Expectation, equals, oneOf, propertyRule } from "../../property-rule";
import { optional } from "../../read";
import type { DeclaredResource, Properties } from "../../resource";

const few: Expectation = {
  says: "a number from 0 to 3",
  holds: (value) => typeof value === "number" && value >= 0 && value <= 3,
};

const safeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict";

/** A node that is hardly used is emptied, whatever its pods are in the middle of. */
const notMoved: Expectation = {
  says: `a map with ${safeToEvict}: "false"`,
  holds: (value) => typeof value === "object" && (value as Properties)[safeToEvict] === "false",
};

/** Whether it is of a side, whose jobs keep the pods that they were made with until its next release (docs/adr/0119). */
function isOfSide(cronJob: DeclaredResource): boolean {
  const annotations = optional(cronJob, "metadata.annotations") as Properties | undefined;
  return annotations?.[releaseKeyAnnotation] !== undefined;
}

export const cronJobBounded = propertyRule({
  name: "cron-job-bounded",
  topic: "kubernetes",
  displayName: "Work on data ends, and does not run twice at once",
  description:
    "A CronJob forbids a second run beside the first, gives up after a time, retries little, says when it runs by name of a time zone, and is not ended by the cluster's autoscaler (of a side's jobs, which keep their pods until its next release, only the program sees to that).",
  severity: "high",
  ids: ["STO-050", "STO-070", "RET-116", "CAS-030", "CAS-037"],
  remediationSteps:
    'Declare concurrencyPolicy: Forbid, timeZone, activeDeadlineSeconds, backoffLimit, restartPolicy: Never, and on the pods safe-to-evict: "false".',
  types: [kubernetes.cronJob],
  properties: (cronJob) => [
    { path: "spec.concurrencyPolicy", expected: equals("Forbid") },
    { path: "spec.timeZone", expected: { says: "a time zone", holds: (value) => typeof value === "string" } },
    { path: "spec.jobTemplate.spec.activeDeadlineSeconds", expected: atLeast(1) },
    { path: "spec.jobTemplate.spec.backoffLimit", expected: few },
    { path: "spec.jobTemplate.spec.template.spec.restartPolicy", expected: oneOf("Never", "OnFailure") },
    ...(isOfSide(cronJob)
      ? []
      : [{ path: "spec.jobTemplate.spec.template.metadata.annotations", expected: notMoved }]),
  ],
});
