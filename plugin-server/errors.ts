import type { PropertyMap } from "./values/property";

/** The resource exists, but not as asked: the engine keeps it in the state, marked, and updates it in the next run. */
export class InitFailed extends Error {
  override readonly name = "InitFailed";

  constructor(
    readonly id: string,
    readonly inputs: PropertyMap,
    readonly outputs: PropertyMap,
    reason: string,
  ) {
    super(reason);
  }
}

/** The engine asked to stop. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";

  constructor(what: string) {
    super(`${what}: cancelled`);
  }
}
