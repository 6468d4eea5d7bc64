/** Works that run so many at a time, begun in their order; each is waited for by whoever wants it. */
export class Pool {
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;

  constructor(private readonly width: number) {}

  add<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = new Promise<Result>((resolve, reject) => {
      this.#waiting.push(() => work().then(resolve, reject));
    });
    // Whoever waits for it may come later than its failure.
    result.catch(() => undefined);
    this.#goOn();
    return result;
  }

  #goOn(): void {
    while (this.#running < this.width) {
      const work = this.#waiting.shift();
      if (work === undefined) return;
      this.#running++;
      void work().finally(() => {
        this.#running--;
        this.#goOn();
      });
    }
  }
}
