import type { StoreKind } from "./release-facts";

/** What a task of a store is to a release that finds it by its labels, since no step of the contract names it. */
export interface TaskPurpose {
  readonly store: StoreKind;
  /**
   * `prove`: restores a named backup to a scratch target and counts it; `restore`: to a new target that stays; `ask`:
   * a read-only question.
   */
  readonly work: "prove" | "restore" | "ask";
}

/** Labels of the task's CronJob. */
export const storeLabel = "switchyard.dev/store";
export const workLabel = "switchyard.dev/work";

/** The same on a job of Azure Container Apps, and its task: names of tags hold no slash. */
export const storeTag = "store";
export const workTag = "work";
export const taskTag = "task";

/**
 * End of the name of the file in which the counts of a backup stand. It is written before the backup itself, and is worth
 * nothing without it.
 */
export const countsEnd = ".counts.json";
