import { setTimeout as wait } from "node:timers/promises";
import { callCloud, readEndpoint } from "../../cloud/endpoint";
import { UserError } from "../../user-error";
import { type ChangeSet, followedTokens, type Resources } from "./resources";

const longQuestionMilliseconds = 20_000;
const retryMilliseconds = 200;

interface FollowOptions {
  readonly stateDir: string;
  readonly resources: Resources;
  readonly signal: AbortSignal;
  /** Told after each change. */
  readonly onChange: () => void;
}

/**
 * Keeps the resources as they are in the cloud: asks a question that is answered at the next write. While the cloud is
 * away the last known ones serve on, as App Service serves while Resource Manager does not answer.
 */
export async function followCloud({ stateDir, resources, signal, onChange }: FollowOptions): Promise<void> {
  let known = { epoch: "", after: -1 };
  let failing = false;
  while (!signal.aborted) {
    try {
      const endpoint = readEndpoint(stateDir);
      if (endpoint === undefined) throw new UserError("the local cloud is not running");
      const changes = (await callCloud(
        endpoint,
        "POST",
        "/_switchyard/changes",
        { ...known, tokens: followedTokens, waitMilliseconds: longQuestionMilliseconds },
        longQuestionMilliseconds + 5_000,
      )) as ChangeSet;
      known = { epoch: changes.epoch, after: changes.revision };
      failing = false;
      const before = resources.version;
      resources.apply(changes);
      if (resources.version !== before) onChange();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!failing) console.error(`${new Date().toISOString()} ${error.message}`);
      failing = true;
      await wait(retryMilliseconds, undefined, { signal }).catch(() => {});
    }
  }
}
