import type { ChildProcess } from "node:child_process";
import type { Children, Ending } from "./children";

/** A program that has been told to run. */
export interface StartedProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
}

/**
 * A process that has loaded what a program is made of, and waits to be told that it is to run it: loading takes a second,
 * in which the engine is starting as well.
 */
export class ProgramAhead {
  #waiting: StartedProgram | undefined;

  /** @param argv Script with its arguments; it takes a message `{ argv, environment }` and then does as `node ARGV` would */
  constructor(argv: readonly string[], children: Children) {
    const started = children.start(argv, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    this.#waiting = started;
    const gone = () => {
      this.#waiting = undefined;
    };
    started.ended.then(gone, gone);
  }

  /** The process that waits; undefined once it was told to run. */
  get waiting(): ChildProcess | undefined {
    return this.#waiting?.child;
  }

  /**
   * Lets it run.
   *
   * @returns undefined when it has run before, or came to an end while it waited: the program is then started as always
   */
  run(argv: readonly string[], environment: NodeJS.ProcessEnv): StartedProgram | undefined {
    const started = this.#waiting;
    this.#waiting = undefined;
    if (started === undefined || !started.child.connected) return undefined;
    started.child.send({ argv, environment });
    return started;
  }
}
