/**
 * The operations under way, and the engine's wish to stop them. `Cancel` also comes at every normal end, so it reaches
 * what runs at that moment and nothing that starts later.
 */
export class Operations {
  private readonly running = new Set<AbortController>();

  /** Runs `work` with a signal that fires on `cancelAll` or when `isGone` is told that the caller left. */
  async run<T>(
    work: (signal: AbortSignal) => Promise<T>,
    onCallerGone: (cancel: () => void) => void,
  ): Promise<T> {
    const controller = new AbortController();
    this.running.add(controller);
    onCallerGone(() => {
      // grpc-js tells of completed calls as cancelled, too.
      if (this.running.has(controller)) controller.abort();
    });
    try {
      return await work(controller.signal);
    } finally {
      this.running.delete(controller);
    }
  }

  cancelAll(): void {
    for (const controller of this.running) controller.abort();
  }
}
