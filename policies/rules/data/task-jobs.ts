import { storeTag, taskTag, workTag } from "../../../runbooks/task-purpose";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { describe, optionalText, required } from "../../read";
import type { DeclaredResource } from "../../resource";
import type { SystemView } from "../../stack-view";
import { systemRule } from "../../system-rule";
import { tesoro } from "../../systems";
import { type Finding, judged, violation } from "../../verdict";

const secondsPerMinute = 60;

type Task = (typeof tesoro.contract.tasks)[number];

export const taskJobs = systemRule({
  name: "task-jobs",
  topic: "data",
  displayName: "Work on the database is there, and only a release starts it",
  description:
    "Every task of the contract is a job of Azure Container Apps that is started by hand, is not tried again by itself, and ends in the contract's time.",
  severity: "critical",
  ids: ["TES-051", "TES-052", "TES-053", "TES-054"],
  conflicts: [36, 41],
  remediationSteps:
    "Declare the job with the tag task, triggerType Manual, replicaRetryLimit 0 and the contract's time as replicaTimeout.",
  system: tesoro,
  evaluate(view) {
    const { tasks } = view.contract;
    const missing = tasks
      .filter((task) => jobOf(view, task) === undefined)
      .map(({ name }) => violation(view.urn, `no job with the tag ${taskTag}: ${name} is declared`));
    const judgements = judgeEach(
      view.ofType(azure.containerJob),
      (job) => job.urn,
      (job) => judgeJob(job, taskOf(tasks, job)),
    );
    return judged([...missing, ...judgements]);
  },
});

function jobOf(view: SystemView, { name }: Task): DeclaredResource | undefined {
  return view.ofType(azure.containerJob).find((job) => optionalText(job, `tags.${taskTag}`) === name);
}

function taskOf(tasks: readonly Task[], job: DeclaredResource): Task | undefined {
  return tasks.find(({ name }) => optionalText(job, `tags.${taskTag}`) === name);
}

function judgeJob(job: DeclaredResource, task: Task | undefined): readonly Finding[] {
  const purpose = task !== undefined && "purpose" in task ? task.purpose : undefined;
  const wanted: readonly (readonly [string, unknown])[] = [
    ["configuration.triggerType", "Manual"],
    ["configuration.replicaRetryLimit", 0],
    ...(task === undefined
      ? []
      : [["configuration.replicaTimeout", task.deadlineMinutes * secondsPerMinute] as const]),
    ...(purpose === undefined
      ? []
      : ([
          [`tags.${storeTag}`, purpose.store],
          [`tags.${workTag}`, purpose.work],
        ] as const)),
  ];
  return judgeEach(
    wanted,
    () => job.urn,
    ([path, value]) => {
      const found = required(job, path);
      if (found === value) return [];
      return [violation(job.urn, `${path} must be ${JSON.stringify(value)}, found ${describe(found)}`)];
    },
  );
}
