import { UserError } from "../user-error";
import { hasChanged } from "./state";
import { trafficShare } from "./traffic-share";
import type { Walk } from "./walk";

/**
 * This process is stopped from outside, as by Ctrl-C, with the release where it is: nothing is taken back by that, and
 * nobody looks at its gates any more. The lease is let go, so that whoever goes on need not wait for its end.
 *
 * @returns what people must know
 */
export async function leaveOff({ diary, parts, plan }: Walk): Promise<UserError> {
  try {
    await parts.journal.reconcile?.();
    await parts.lease.leave();
  } catch (error) {
    // A store that does not answer lets it run out.
    if (!(error instanceof UserError)) throw error;
  }
  const { release, phase, trafficMoved } = diary.state;
  const { system } = plan;
  const { has, going } = trafficShare(diary.state);
  const traffic = trafficMoved
    ? `${has} of the traffic on the new side${going}, and nobody watches it`
    : hasChanged(diary.state)
      ? "the update of the stack was begun, and nobody watches what is live on it"
      : plan.stack === undefined
        ? "no traffic was moved"
        : "the stack was not changed";
  return new UserError(
    `release ${release} of ${system} stops where it is${phase === undefined ? "" : `, in phase ${phase}`}: ${traffic}`,
    {
      mend: `go on: switchyard release resume ${system}; or take it back: switchyard release rollback ${system} --reason TEXT`,
    },
  );
}
