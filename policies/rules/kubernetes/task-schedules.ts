import { colours } from "../../../runbooks/target";
import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { type ClusterTask, colourName } from "../../kubernetes/cluster-systems";
import { declaredColours, objectNamed } from "../../kubernetes/declared-sides";
import { objectName } from "../../kubernetes/objects";
import { kubernetes } from "../../kubernetes/types";
import { describe, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { type Finding, violation } from "../../verdict";

export const taskSchedules = clusterRule({
  name: "task-schedules",
  topic: "kubernetes",
  displayName: "Work on data is there, and runs when the runbook says",
  description:
    "Every task of the contract is a CronJob: suspended, or at the contract's schedule. No other CronJob runs by itself.",
  severity: "critical",
  ids: ["STO-050", "STO-133", "STO-070", "RET-117", "RET-116", "CAS-030", "CAS-032", "CAS-033", "CAS-038"],
  conflicts: [11, 18, 53],
  remediationSteps:
    "Declare the CronJob with suspend: true, which a release makes a Job from, or with the contract's schedule and time zone.",
  judge({ tasks }, view) {
    const wanted = tasks.flatMap((task) =>
      task.perColour
        ? declaredColours(view).map((colour) => ({ task, name: colourName(task.name, colour) }))
        : [{ task, name: task.name }],
    );
    const missing = wanted
      .filter(({ name }) => !objectNamed(view, kubernetes.cronJob, name))
      .map(({ name }) => violation(view.urn, `the CronJob ${name} is not declared`));
    const judged = judgeEach(
      view.ofType(kubernetes.cronJob),
      (cronJob) => cronJob.urn,
      (cronJob) => judgeSchedule(cronJob, taskOf(tasks, objectName(cronJob))),
    );
    return [...missing, ...judged];
  },
});

function taskOf(tasks: readonly ClusterTask[], name: string): ClusterTask | undefined {
  return tasks.find((task) =>
    task.perColour ? colours.some((colour) => colourName(task.name, colour) === name) : task.name === name,
  );
}

function judgeSchedule(cronJob: DeclaredResource, task: ClusterTask | undefined): readonly Finding[] {
  const suspended = required(cronJob, "spec.suspend");
  if (!task?.schedule) {
    if (suspended === true) return [];
    return [violation(cronJob.urn, `spec.suspend must be true, found ${describe(suspended)}`)];
  }
  if (suspended !== false)
    return [violation(cronJob.urn, "spec.suspend must be false: the contract has a schedule for it")];
  const { cron, timeZone } = task.schedule;
  return judgeEach(
    [
      ["spec.schedule", cron],
      ["spec.timeZone", timeZone],
    ] as const,
    () => cronJob.urn,
    ([path, value]) =>
      requiredText(cronJob, path) === value ? [] : [violation(cronJob.urn, `${path} must be ${value}`)],
  );
}
