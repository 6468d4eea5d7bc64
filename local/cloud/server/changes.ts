import { idKey } from "../resource-types";
import type { StoredResource } from "./store";

/** What has changed since a revision that a reader knows. */
export interface ChangeSet {
  /** Tells one run of the cloud from the next: revisions of another one mean nothing. */
  readonly epoch: string;
  readonly revision: number;
  /** Whether this is everything that there is, so that what is not in it is gone. */
  readonly whole: boolean;
  readonly changed: readonly StoredResource[];
  /** Ids, in lower case, of what is gone. */
  readonly removed: readonly string[];
}

interface Resources {
  get(id: string): StoredResource | undefined;
  all(): readonly StoredResource[];
}

/** Counts the writes, so that whoever follows the resources hears of each at once and asks for nothing twice. */
export class Changes {
  readonly epoch = new Date().toISOString();
  #revision = 0;
  readonly #revisionOf = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  touch(id: string): void {
    const key = idKey(id);
    // Later writes stand later in the map, so that a reader who is up to date looks at nothing else.
    this.#revisionOf.delete(key);
    this.#revisionOf.set(key, ++this.#revision);
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * @param after revision that the reader has seen, with the epoch it was of; anything else gives everything
   * @param tokens beginnings of the tokens that the reader wants
   */
  since(resources: Resources, epoch: string, after: number, tokens: readonly string[]): ChangeSet {
    const wanted = ({ token }: StoredResource) => tokens.some((beginning) => token.startsWith(beginning));
    const revision = this.#revision;
    if (epoch !== this.epoch || !(after <= revision)) {
      return {
        epoch: this.epoch,
        revision,
        whole: true,
        changed: resources.all().filter(wanted),
        removed: [],
      };
    }
    const keys = [...this.#revisionOf].filter(([, at]) => at > after).map(([key]) => key);
    const found = keys.map((key) => resources.get(key));
    return {
      epoch: this.epoch,
      revision,
      whole: false,
      changed: found.filter((resource) => resource !== undefined).filter(wanted),
      removed: keys.filter((_, index) => found[index] === undefined),
    };
  }

  /** Waits for the next write after that revision, at most so long. */
  async next(epoch: string, after: number, milliseconds: number): Promise<void> {
    if (epoch !== this.epoch || after < this.#revision) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      timer.unref();
      this.#waiting.add(wake);
    });
  }

  /** Lets those who wait go: the server ends. */
  close(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
