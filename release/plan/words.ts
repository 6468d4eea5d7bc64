import type { Entry } from "../../runbooks/vocabulary";
import type { Action } from "../../runbooks/vocabulary/actions";
import { changesWords, type StackChanges } from "./stack-changes";

type StepEntry = Extract<Entry, { word: "step" }>;

/** Sides as people name them in a plan. */
export interface SideWords {
  readonly live: string;
  readonly idle: string;
  /** Of a release of infrastructure alone. */
  readonly stack?: StackChanges;
}

/** What an action does, in words. */
export function actionWords(does: Action, { live, idle, stack }: SideWords): string {
  switch (does.action) {
    case "deploy": {
      const what = does.components.join(", ");
      if (does.version === "previous") return `deploy the kept artefact of ${what} again`;
      return does.to === "inPlace" ? `deploy ${what} in place` : `deploy ${what} to ${idle}, without traffic`;
    }
    case "traffic":
      return trafficWords(does, live, idle);
    case "backup":
      return `back up ${does.store} as ${does.recordedAs}, proven by ${proofs[does.verifiedBy]}`;
    case "migrate":
      return `${directions[does.direction]} ${does.store} by ${does.task}`;
    case "restore": {
      const point =
        does.minutesBeforeRelease === undefined
          ? "a point in time before the release"
          : `${does.minutesBeforeRelease} min before the release`;
      const from = does.from === "recordedBackup" ? "the recorded backup" : point;
      return `restore ${does.store} from ${from}, confirmed by ${does.confirmedBy.join(" and ")}`;
    }
    case "scale": {
      const side = does.side === "idle" ? idle : does.side === "live" ? "the live side" : "the old side";
      const to =
        does.to === "declared"
          ? "what the other side has grown to, at least the autoscaler's minimum"
          : `${does.to} pods`;
      return `scale ${does.components.join(", ")} of ${side} to ${to}`;
    }
    case "restart":
      return `restart ${does.components.join(", ")}`;
    case "purge":
      return `purge ${does.cache} of ${does.paths.join(", ")}`;
    case "tag":
      if (stack !== undefined)
        return `see that the tag ${does.format} of what is live is there${does.pushed ? " and pushed" : ""}`;
      return `tag the commit ${does.format}${does.pushed ? " and push it" : ""}`;
    case "workflow":
      return `run the workflow ${does.file}${stack === undefined ? "" : `, which makes what is approved and nothing else (${changesWords(stack.changes)}),`} and wait for it`;
    case "write-record":
      return `write the record ${does.record}`;
  }
}

function trafficWords(
  { move, requests }: Extract<Action, { action: "traffic" }>,
  live: string,
  idle: string,
): string {
  switch (move) {
    case "switch":
      return `all traffic from ${live} to ${idle}`;
    case "ramp":
      return `traffic step by step from ${live} to ${idle}`;
    case "back":
      return `all traffic back to ${live}`;
    case "warmUp":
      return requests === undefined
        ? `${idle} is warmed up`
        : `${requests.times} requests of ${requests.path} to ${idle}, ${requests.secondsApart} s apart, each answered with ${requests.status}`;
    case "stop":
      return "nobody is served any more";
    case "start":
      return "the live side serves again";
  }
}

/** One weight of a ramp. */
export function weightWords(percent: number, holdSeconds: number, { idle }: SideWords): string {
  const held = holdSeconds === 0 ? "" : `, held ${durationWords(holdSeconds)}`;
  return `${percent} % of the traffic to ${idle}${held}`;
}

const proofs = {
  restoreToScratch: "a restore to a scratch target",
  listedAndSized: "its size in the store",
  pointInTime: "a restorable point in time",
} as const;

const directions = {
  up: "migrate",
  down: "migrate back",
  verify: "verify the migration of",
  maintain: "take statistics of",
} as const;

/** How a step is undone; `nothing` when it cannot be. */
export const undoWords: Readonly<Record<StepEntry["undo"], string>> = {
  nothing: "nothing",
  notNeeded: "not needed",
  trafficBack: "all traffic back to the old side",
  redeployPrevious: "the previous version is deployed again",
  scaleBack: "scaled back",
  restoreBackup: "the backup is restored, which a named person confirms",
  deleteWritten: "what was written is deleted",
  migrateDown: "migrated back",
  previousStack:
    "a person brings up the stack of the commit before, once its preview was read; nothing does it by itself",
};

/** What is read back after an action, in words. */
export function observationWords(does: Action): string {
  switch (does.action) {
    case "deploy":
      return "the side is ready and proves the version and digests";
    case "traffic":
      return does.move === "warmUp" ? "every answer's status" : "the share of each side as it then stands";
    case "backup":
      return "the backup's name, size and proof";
    case "migrate":
      return "the task's exit code and what it reports";
    case "restore":
      return "row counts of the restored store";
    case "scale":
      return "ready pods of each component";
    case "restart":
      return "every pod is new and ready";
    case "purge":
      return "the operation's end";
    case "tag":
      return "the tag as the repository has it";
    case "workflow":
      return "the run's conclusion";
    case "write-record":
      return "the record as it stands";
  }
}

/** `10 min`, `4 h`, `1 h 40 min`, `45 s`. */
export function durationWords(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours >= 72) return `${Math.round(hours / 24)} days`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
