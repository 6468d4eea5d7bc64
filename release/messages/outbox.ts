import { chmod, mkdir, open } from "node:fs/promises";
import { join } from "node:path";

/** A message as dev keeps it, one JSON object a line. */
export interface KeptMessage {
  readonly at: string;
  readonly release: string;
  readonly entry: string;
  readonly channel: string;
  readonly audience: string;
  readonly text: string;
  readonly colour?: string;
}

/** Where dev's messages to people are: `<stateDir>/messages/<system>.jsonl`. */
export function outboxFile(stateDir: string, system: string): string {
  return join(stateDir, "messages", `${system}.jsonl`);
}

/** Keeps messages of dev instead of sending them; each call adds its lines in one write. */
export async function keepMessages(file: string, messages: readonly KeptMessage[]): Promise<void> {
  await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
  const lines = messages.map((message) => `${JSON.stringify(message)}\n`).join("");
  const opened = await open(file, "a", 0o600);
  try {
    await opened.appendFile(lines);
  } finally {
    await opened.close();
  }
  await chmod(file, 0o600);
}
