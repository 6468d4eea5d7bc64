import { setTimeout as pause } from "node:timers/promises";
import type { CommandContext } from "../context";

const lookEveryMilliseconds = 1000;

/** What is shown of something at a moment, and whether there is more to come. */
export interface Shown {
  readonly text: string;
  readonly ended: boolean;
}

/** Shows something; with `follow`, again whenever it is another, until it has ended. */
export async function show(
  { signal, out }: CommandContext,
  follow: boolean,
  look: () => Promise<Shown>,
): Promise<void> {
  let before = "";
  for (;;) {
    const { text, ended } = await look();
    if (text !== before) out(text);
    before = text;
    if (!follow || ended) return;
    await pause(lookEveryMilliseconds, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}
