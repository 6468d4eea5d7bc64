import { jsonDigest } from "../../runbooks/digest";
import type { Environment } from "../../runbooks/model";
import type { Manifest } from "../plan/manifest";
import type { Plan, ReleaseType } from "../plan/plan";

/**
 * Under this name a store keeps the journals of trains, as it keeps those of a system; its lease is that of the one train
 * that may be under way on a stack.
 */
export const trainsName = "train";

/** One release of a train: what it is made from. Its plan is made anew when it begins, and must then have this digest. */
export interface TrainMember {
  readonly system: string;
  /** Id of the release, given when the train starts: under it another process finds it. */
  readonly release: string;
  /** Systems of the train that must serve before this one begins. */
  readonly after: readonly string[];
  readonly manifest: Manifest;
  readonly types: readonly ReleaseType[];
  /** Why it takes the emergency path. */
  readonly reason?: string;
  /** Of the whole system, as the plan was made with it. */
  readonly requestsPerSecond?: number;
  readonly planDigest: string;
}

/** Several releases in the order of what needs what: the first entry of a train's journal. */
export interface Train {
  /** Of the plans' digests and of what comes after what: what people read and start. */
  readonly digest: string;
  readonly environment: Environment;
  /** In the order in which they begin. */
  readonly members: readonly TrainMember[];
}

/** A release of a train as it is planned. */
export interface PlannedMember {
  readonly after: readonly string[];
  readonly plan: Plan;
}

/** @param members in the order in which they begin */
export function trainDigest(members: readonly PlannedMember[]): string {
  return jsonDigest(
    members.map(({ after, plan: { system, digest } }) => ({
      system,
      plan: digest,
      after: [...after].sort(),
    })),
  );
}
