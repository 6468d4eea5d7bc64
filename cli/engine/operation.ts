import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { positionsVariable } from "../../infra/source-positions-variable";
import type { Progress } from "../../local/progress";
import type { EngineEvent } from "../../reports/engine-event";
import { buildReport } from "../../reports/from-events";
import type { Report } from "../../reports/model";
import { followEventLog } from "./event-log";
import { packRules } from "./pack-rules";
import { makeRunFolder } from "./run-folder";
import { type EngineSession, runInSession } from "./session";
import { readPositions } from "./source-positions";

export interface OperationOptions {
  readonly stack: string;
  /** `up` changes things, `preview` does not. */
  readonly command: "up" | "preview" | "destroy";
  readonly progress: Progress;
  readonly title: string;
  readonly offline?: boolean;
  /** Flags of the CLI besides those that every operation has. */
  readonly flags?: readonly string[];
  /** Called with everything that the engine said, once it has ended. */
  readonly onEvents?: (events: readonly EngineEvent[]) => void;
}

/** Providers are asked for differences while the engine goes on to the next resource: a tenth of a preview's time. */
export const sideBySideDiffs = { PULUMI_PARALLEL_DIFF: "true" } as const;

/**
 * Runs one operation of the engine with the policy pack and turns its event log into a report. The step's detail
 * says what is being worked on.
 */
export async function runOperation(session: EngineSession, options: OperationOptions): Promise<Report> {
  const folder = await makeRunFolder(session.workspace.stateDir);
  const eventLog = join(folder, "events.jsonl");
  const positions = join(folder, "positions.jsonl");
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
        const environment = {
          ...session.environment,
          ...(options.command === "preview" && sideBySideDiffs),
          [positionsVariable]: positions,
        };
        const [result, rules] = await Promise.all([
          runInSession(session, argv, {
            environment: { ...environment, ...(await variablesOfAhead(session, environment)) },
          }),
          packRules(),
        ]);
        const gathered = await following.stop();
        options.onEvents?.(gathered.events);
        return buildReport({
          subject: {
            kind: options.command === "preview" ? "preview" : "up",
            stack: options.stack,
            offline: options.offline ?? false,
          },
          events: gathered,
          exitCode: result.exitCode,
          rules,
          sources: readPositions(positions, dirname(session.workspace.dist)),
          otherReason: () => reasonIn(`${result.stdout}\n${result.stderr}`),
        });
      } finally {
        await following.stop();
      }
    });
  } finally {
    for (const { end } of session.ahead) end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tells the engine of what was got ready for it. */
async function variablesOfAhead(
  { ahead }: EngineSession,
  environment: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  return Object.assign({}, ...(await Promise.all(ahead.map((process) => process.variables(environment)))));
}

/** Why the CLI failed, when its events do not say it (it ended before them, or their disk was full). */
export function reasonIn(output: string): string {
  const lines = output.trim().split("\n");
  const errors = new Set(lines.map((line) => /(?:^|\s)error: .*/.exec(line)?.[0].trim()).filter(Boolean));
  return (errors.size > 0 ? [...errors] : lines).slice(-20).join("\n");
}
