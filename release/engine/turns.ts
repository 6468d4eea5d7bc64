/** Where a release leaves its plan. Thrown inside the engine, never outside of it. */
export abstract class Turn extends Error {}

/** All traffic goes back. */
export class RollBack extends Turn {
  override readonly name = "RollBack";
  constructor(
    readonly why: string,
    readonly by: string,
    readonly seenAt: Date,
    readonly gate?: string,
    /** The data are restored as well. */
    readonly restore = false,
  ) {
    super(why);
  }
}

/** The release does not go on, and no traffic was moved: what was begun is taken back. */
export class Refuse extends Turn {
  override readonly name = "Refuse";
  constructor(
    readonly why: string,
    /** Somebody's decision, not a gate's. */
    readonly aborted = false,
  ) {
    super(why);
  }
}

/** A release that is taken back after its end is left live after all: its way back cannot be gone, or is not wanted. */
export class StayLive extends Turn {
  override readonly name = "StayLive";
  constructor(readonly why: string) {
    super(why);
  }
}

/** Waits for a person, nothing is moving and nothing has to be watched: this process may end, another one goes on. */
export class Pause extends Turn {
  override readonly name = "Pause";
  constructor(readonly why: string) {
    super(why);
  }
}
