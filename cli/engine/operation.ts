import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../../local/progress";
import { buildReport, type Report } from "../../reports/model";
import { followEventLog } from "./event-log";
import { packLevels } from "./pack-levels";
import { type EngineSession, runInSession } from "./session";

export interface OperationOptions {
  readonly stack: string;
  /** `up` changes things, `preview` does not. */
  readonly command: "up" | "preview" | "destroy";
  readonly progress: Progress;
  readonly title: string;
  readonly offline?: boolean;
  /** Flags of the CLI besides those that every operation has. */
  readonly flags?: readonly string[];
}

/**
 * Runs one operation of the engine with the policy pack and turns its event log into a report. The step's detail
 * says what is being worked on.
 */
export async function runOperation(session: EngineSession, options: OperationOptions): Promise<Report> {
  const folder = await mkdtemp(join(session.workspace.stateDir, "run-"));
  const eventLog = join(folder, "events.jsonl");
  const argv = [
    options.command,
    "--stack",
    options.stack,
    "--non-interactive",
    "--event-log",
    eventLog,
    ...(options.command === "destroy" ? [] : ["--policy-pack", session.workspace.policyPack]),
    ...(options.flags ?? []),
  ];
  try {
    return await options.progress.step(options.title, async (report) => {
      const following = followEventLog(eventLog, report);
      try {
        const [result, levels] = await Promise.all([runInSession(session, argv), packLevels()]);
        const events = await following.stop();
        const built = buildReport({
          stack: options.stack,
          kind: options.command === "preview" ? "preview" : "update",
          offline: options.offline ?? false,
          events,
          exitCode: result.exitCode,
          levels,
        });
        const refused = built.policies.some(
          ({ level, verdict }) => level === "mandatory" && verdict !== "pass",
        );
        const hidden = result.exitCode !== 0 && built.errors.length === 0 && !refused;
        return hidden
          ? { ...built, errors: [{ message: reasonIn(`${result.stdout}\n${result.stderr}`) }] }
          : built;
      } finally {
        await following.stop();
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Why the CLI failed, when its events do not say it (it ended before them, or their disk was full). */
export function reasonIn(output: string): string {
  const lines = output.trim().split("\n");
  const errors = new Set(lines.map((line) => /(?:^|\s)error: .*/.exec(line)?.[0].trim()).filter(Boolean));
  return (errors.size > 0 ? [...errors] : lines).slice(-20).join("\n");
}
