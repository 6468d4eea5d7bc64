import type { Surroundings } from "../clients/surroundings";
import type { Clock } from "../engine/clock";
import { UserError } from "../user-error";
import { Stopwatch } from "./stopwatch";
import type { Strategy, Timing } from "./strategy";
import { type VersionQuestion, versionAt, versionIn } from "./version-proof";

interface WarmUpParts {
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly proof: VersionQuestion;
  readonly version: string;
}

const answerMilliseconds = 60_000;

/**
 * Asks a side as often as the runbook wants before it gets traffic. An answer that does not say its version is followed
 * by the question for it: a 200 of the version before warms nothing up.
 *
 * @throws UserError, retriable, for another status; not retriable for another version
 */
export async function warmUpAt(
  base: string,
  requests: Parameters<Strategy["warmUp"]>[0],
  { surroundings, clock, proof, version }: WarmUpParts,
): Promise<Timing> {
  const { path, times, secondsApart, status } = requests;
  const watch = new Stopwatch(clock);
  const url = new URL(path, base);
  for (let count = 1; count <= times; count++) {
    const answer = await watch.platform(() =>
      surroundings.fetchHttp({ method: "GET", url, timeoutMilliseconds: answerMilliseconds }),
    );
    if (answer.status !== status) {
      throw new UserError(
        `warm-up ${count} of ${times}: ${url.href} answers ${answer.status} instead of ${status}`,
        {
          retriable: true,
        },
      );
    }
    const says = versionIn(answer, proof) ?? (await versionAt(base, proof, surroundings));
    if (says !== version) {
      throw new UserError(
        `warm-up ${count} of ${times}: ${url.href} answers ${status}, but as ${says ?? "no version"} instead of ${version}`,
        { mend: "the package on that side is not the manifest's: deploy it again" },
      );
    }
    if (count < times) await clock.sleep((secondsApart * 1000) / clock.speed);
  }
  return watch.timing();
}
