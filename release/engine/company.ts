import { holdForPerson } from "./dwell";
import type { Walk } from "./walk";

/** The other releases of the same train (release/train), as far as one of them must wait for them. */
export interface Company {
  /** What must come before this one gives up the way back, in words; undefined once nothing must. */
  beforeFinish(): string | undefined;
  /** Resolves once those that need what this one brought have gone back, or cannot. @throws the signal's reason */
  mayGoBack(signal: AbortSignal): Promise<void>;
}

/** Under this name a wait for the others stands in the journal: it is no hold that stops a train. */
export const companyStep = "the other releases of the train";

const lookSeconds = 5;

/** Stays, with the gates of its phase watched, for as long as another release of the train may still send it back. */
export async function waitToFinish(walk: Walk): Promise<void> {
  const { company, clock, progress } = walk.parts;
  if (company === undefined) return;
  const { diary } = walk;
  // A process that takes the release up here has looked at no gate of the phase yet.
  if (diary.state.phase !== undefined) await walk.enter(diary.state.phase);
  for (;;) {
    const why = company.beforeFinish();
    await holdForPerson(walk);
    const { held } = diary.state;
    // What a person has to decide on is decided while the gates are still watched.
    if (why === undefined && held?.needsPerson !== true) {
      if (held?.step === companyStep)
        await diary.write({ kind: "goesOn", by: "switchyard", why: "it is there" });
      return;
    }
    if (held === undefined && why !== undefined) {
      progress(`waits before it finishes: ${why}`);
      await diary.write({ kind: "held", why, step: companyStep, needsPerson: false });
    }
    walk.look();
    await walk.sleep(
      Math.max(1, Math.min(walk.untilDue() ?? lookSeconds * 1000, (lookSeconds * 1000) / clock.speed)),
    );
  }
}
