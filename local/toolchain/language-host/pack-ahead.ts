import { resolve } from "node:path";
import type { Children } from "./children";
import type { StartedProgram } from "./program-ahead";
import { locatePulumiModule, PulumiModuleMissing } from "./pulumi-module";

/**
 * A compiled policy pack that is started before the engine asks for it. It listens, and needs no word: the engine's address,
 * which it would be given, is for packs that are compiled first, and what it is to know of the stack it is told by calls.
 */
export class PackAhead {
  readonly #folder: string;
  #waiting: StartedProgram | undefined;

  /** @param folder With its PulumiPolicy.yaml and the package.json that names the compiled file. */
  constructor(folder: string, children: Children) {
    this.#folder = resolve(folder);
    const started = this.#start(children);
    this.#waiting = started;
    const gone = () => {
      this.#waiting = undefined;
    };
    started?.ended.then(gone, gone);
  }

  /** The process that nobody has asked for yet. */
  get waiting(): StartedProgram["child"] | undefined {
    return this.#waiting?.child;
  }

  /** The started pack of a folder, once; undefined when it is another's, or has ended meanwhile. */
  take(folder: string): StartedProgram | undefined {
    if (resolve(folder) !== this.#folder) return undefined;
    const started = this.#waiting;
    this.#waiting = undefined;
    return started;
  }

  /** Without the SDK there is none; that is told when the pack is asked for. */
  #start(children: Children): StartedProgram | undefined {
    try {
      const argv = [locatePulumiModule("run-policy-pack", this.#folder), "", this.#folder];
      return children.start(argv, { cwd: this.#folder, stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      if (error instanceof PulumiModuleMissing) return undefined;
      throw error;
    }
  }
}
