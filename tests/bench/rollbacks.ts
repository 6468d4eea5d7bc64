import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stopCloud } from "../../local/cloud/daemon";
import type { EntryOf, JournalRecord } from "../../release/journal/entry";
import { type CliProcess, runCliProcess, startCli } from "../support/cli";
import { makeProjectFolder, repository } from "../support/project";
import { until } from "../support/until";

const systems = ["platform", "kirana-inventory", "retail-agentic"];
const requestsPerSecond = 200;
/** Slow enough that every phase lasts longer than what is measured in it. */
const speed = 20;

export interface RollbackFigures {
  readonly from: string;
  /** From the command's start, its process's included, until the journal has all traffic on the old side. */
  readonly backSeconds: number;
  /** Until the command has said so and ended. */
  readonly commandSeconds: number;
  /** From the decision in the journal until the traffic was back, and what of it the platform took. */
  readonly ownSeconds: number;
  readonly platformSeconds: number;
  readonly sent: number;
  readonly lost: number;
}

export interface ReleaseFigures {
  readonly rollbacks: readonly RollbackFigures[];
  /** From `release resume` after kill -9 until it looks at gates again. */
  readonly resumeSeconds: number;
}

/** Rollbacks of both kinds of target on dev, from a ramp and after the switch, under users; a resume after kill -9. */
export async function measureRollbacks(): Promise<ReleaseFigures> {
  const project = makeProjectFolder({ config: { "switchyard:systems": systems } });
  const parent = join(repository, ".build", "states");
  mkdirSync(parent, { recursive: true });
  const stateDir = mkdtempSync(join(parent, "s-"));
  const environment = { SWITCHYARD_PROJECT_DIR: project };
  const run = async (...argv: string[]) => {
    const result = await runCliProcess(argv, stateDir, environment);
    if (result.code !== 0) throw new Error(`${argv.join(" ")}: ${result.stdout}${result.stderr}`);
    return result;
  };
  const start = (system: string) =>
    startCli(
      [
        "release",
        "start",
        system,
        "--to",
        "example",
        "--speed",
        `${speed}`,
        "--users",
        `${requestsPerSecond}`,
      ],
      stateDir,
      environment,
    );
  const back = async (system: string, from: string, until: string): Promise<RollbackFigures> => {
    const release = start(system);
    await said(release, until);
    const began = Date.now();
    await run("release", "rollback", system, "--reason", "measured");
    const commandSeconds = (Date.now() - began) / 1000;
    const { stderr } = await release.ended;
    const { movedAt, ...shares } = journalled(stateDir, system);
    const backSeconds = (movedAt - began) / 1000;
    return { from, backSeconds, commandSeconds, ...shares, ...usersIn(stderr) };
  };
  try {
    await run("up");
    await run("release", "prepare", "retail-agentic", "--to", "example");
    await run("up");
    const rollbacks = [
      await back("kirana-inventory", "a slot's canary", "canary-p95-latency: pass"),
      await back("kirana-inventory", "a slot after its swap", "phase watch"),
      await back("retail-agentic", "a Service's selector", "phase watch"),
    ];
    const killed = start("retail-agentic");
    await said(killed, "phase watch");
    killed.child.kill("SIGKILL");
    await killed.ended;
    const began = performance.now();
    const resumed = startCli(["release", "resume", "retail-agentic", "--users", "0"], stateDir, environment);
    await said(resumed, ": pass");
    const resumeSeconds = (performance.now() - began) / 1000;
    await run("release", "rollback", "retail-agentic", "--reason", "measured");
    await resumed.ended;
    return { rollbacks, resumeSeconds };
  } finally {
    await stopCloud({ stateDir });
    await runCliProcess(["cloud", "stop"], stateDir, environment);
    rmSync(stateDir, { recursive: true, force: true });
    rmSync(project, { recursive: true, force: true });
  }
}

function said(release: CliProcess, text: string): Promise<unknown> {
  return until(
    `${text} in ${release.stderrSoFar().slice(-2000)}`,
    () => {
      if (release.child.exitCode !== null) throw new Error(`it ended: ${release.stderrSoFar().slice(-3000)}`);
      return release.stderrSoFar().includes(text);
    },
    240_000,
  );
}

function journalled(
  stateDir: string,
  system: string,
): Pick<RollbackFigures, "ownSeconds" | "platformSeconds"> & { readonly movedAt: number } {
  const folder = join(stateDir, "releases", system);
  const [newest] = readdirSync(folder)
    .filter((name) => /^\d{8}-/.test(name))
    .sort()
    .reverse();
  const records = readdirSync(join(folder, newest!))
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, newest!, name), "utf8").split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JournalRecord);
  const decided = records.find(({ entry }) => entry.kind === "rollback");
  const moved = records.find(
    ({ entry, at }) =>
      entry.kind === "done" &&
      entry.platformMilliseconds !== undefined &&
      decided !== undefined &&
      at >= decided.at,
  );
  if (decided === undefined || moved === undefined) throw new Error(`${newest} moved no traffic back`);
  const platform = (moved.entry as EntryOf<"done">).platformMilliseconds! / 1000;
  const movedAt = Date.parse(moved.at);
  const all = (movedAt - Date.parse(decided.at)) / 1000;
  return { movedAt, ownSeconds: all - platform, platformSeconds: platform };
}

function usersIn(stderr: string): Pick<RollbackFigures, "sent" | "lost"> {
  const lines = [...stderr.matchAll(/users of \S+: (\d+) requests, (\d+) lost/g)];
  const sum = (group: 1 | 2) => lines.reduce((total, line) => total + Number(line[group]), 0);
  return { sent: sum(1), lost: sum(2) };
}
