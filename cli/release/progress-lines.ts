import { performance } from "node:perf_hooks";
import type { CommandContext } from "../context";

/** Lines of a running release with the time since it began. */
export function progressLines({ say }: Pick<CommandContext, "say">): (line: string) => void {
  const began = performance.now();
  return (line) => {
    const seconds = Math.floor((performance.now() - began) / 1000);
    const minutes = String(Math.floor(seconds / 60)).padStart(2, "0");
    say(`${minutes}:${String(seconds % 60).padStart(2, "0")}  ${line}`);
  };
}
