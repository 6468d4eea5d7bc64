import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { runPulumi } from "../../cli/engine/pulumi";
import { PluginDriver } from "../support/plugin-driver";
import { repository, TestProject } from "../support/project";
import { endsInOrder, inTurn, peakMemoryOf, residentMegabytes, type Spread } from "./measure";
import { measurePlanner, measureSimulations } from "./releases";
import { growth, measureReports } from "./reports";
import { measureRollbacks } from "./rollbacks";
import { emptyProgram, measureProduction, measureWholeDev, ordinary } from "./stacks";

interface Options {
  readonly rounds: number;
  readonly largest: number;
  readonly runs: number;
  readonly releases: number;
}

const parts: Readonly<Record<string, (options: Options) => void | Promise<void>>> = {
  production: ({ rounds, runs }) => production(rounds, runs),
  dev: ({ rounds }) => wholeDev(rounds),
  system: ({ rounds }) => devPreview(rounds),
  scaling: ({ rounds, largest }) =>
    scaling(
      [300, 1000, 3000].filter((size) => size <= largest),
      rounds,
    ),
  start: ({ rounds }) => start(rounds),
  plugin: ({ rounds }) => pluginStart(rounds),
  reports: ({ rounds }) => reports(rounds),
  planner: ({ rounds }) => planner(Math.max(rounds, 5)),
  rollbacks: () => rollbacks(),
  simulation: ({ releases }) => simulations(releases),
};

/** Speed and memory, as ratios against a baseline measured in the same run; docs/benchmarks.md keeps the figures. */
function program(): Command {
  return new Command("bench")
    .description(
      "Measures speed and memory and prints Markdown tables. Without --only every part, about an hour.",
    )
    .addOption(new Option("--only <part...>", "measure these parts alone").choices(Object.keys(parts)))
    .option("--rounds <n>", "how often each case is measured, in turn", positive, 5)
    .option("--largest <n>", "resources of the largest program of scaling", positive, 3000)
    .option("--runs <n>", "previews of production whose output is compared", positive, 20)
    .option("--releases <n>", "releases that are simulated", positive, 10_000)
    .action(async ({ only, ...options }: Options & { only?: readonly string[] }) => {
      line(
        `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model}), ${gigabytes(totalmem())} GB`,
      );
      endsInOrder();
      for (const name of only ?? Object.keys(parts)) await parts[name]?.(options);
    });
}

function positive(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError("a whole number from 1 is wanted.");
  return Number(value);
}

/** An empty program's preview on the machine for which seconds are wanted. */
const emptyPreviewSeconds = 1.5;

/** Production, all systems, from nothing and without credentials. */
async function production(rounds: number, runs: number): Promise<void> {
  const { resources, times, differentOutputs, ...rest } = await measureProduction(rounds, runs);
  table(`Offline preview of production (${resources} resources)`, times, "plain program, with pack");
  const pack = medianOf(times, "engine, with pack") - medianOf(times, "engine, without pack");
  const speed = medianOf(times, emptyProgram) / emptyPreviewSeconds;
  const here = (wanted: number) => `${wanted.toFixed(2)} s (${(wanted * speed).toFixed(2)} s at this speed)`;
  line(
    `Pack: ${pack.toFixed(2)} s; allowed 0.8 s + 1.2 ms each = ${here(allowedPack(resources))}. Preview: allowed ${here(5)}.`,
  );
  line(`${rest.runs} runs printed ${differentOutputs} different outputs.`);
}

/** Dev with every system: what `npm start` brings up. */
async function wholeDev(rounds: number): Promise<void> {
  const { resources, times, ...figures } = await measureWholeDev(rounds);
  const baseline = emptyProgram;
  table(`Dev with every system (${resources} resources)`, times, baseline);
  const allowed = 2 * medianOf(times, baseline) + 0.004 * resources;
  line(
    `Preview: allowed twice an empty program + 4 ms a resource = ${allowed.toFixed(2)} s; warm start 30 s; check 2.5 s.`,
  );
  line(
    `First up: ${figures.firstUpSeconds.toFixed(0)} s. Cluster ready after ${figures.clusterReadySeconds.toFixed(1)} s (wanted 5).`,
  );
  const together = figures.cloudMegabytes + figures.clusterMegabytes;
  line(
    `Memory: cloud ${figures.cloudMegabytes.toFixed(0)} MB, cluster ${figures.clusterMegabytes.toFixed(0)} MB, together ${together.toFixed(0)} MB; allowed 1229 MB.`,
  );
}

function medianOf(times: Readonly<Record<string, Spread>>, name: string): number {
  return (times[name] as Spread).median;
}

/** How fast traffic comes back, and what its users notice. */
async function rollbacks(): Promise<void> {
  const { rollbacks: measured, resumeSeconds } = await measureRollbacks();
  line("\n## Rollback under 200 requests/s\n");
  line("| from | all traffic back, s | ours, s | platform, s | command has ended, s | requests | lost |");
  line("|---|---|---|---|---|---|---|");
  for (const { from, backSeconds, ownSeconds, platformSeconds, commandSeconds, sent, lost } of measured) {
    const seconds = [backSeconds, ownSeconds, platformSeconds, commandSeconds]
      .map((value) => value.toFixed(2))
      .join(" | ");
    line(`| ${from} | ${seconds} | ${sent} | ${lost} |`);
  }
  line(
    `\nFrom the command's start, its process's included. Wanted: Kubernetes 2 s, slots 5 s plus the swap, nothing lost. Resume after kill -9: ${resumeSeconds.toFixed(2)} s, wanted 2.`,
  );
}

/** The dev stack's preview with the pack, against an empty program on the same engine. */
async function devPreview(rounds: number): Promise<void> {
  const empty = await TestProject.create({ program: "tests/bench/programs/empty.js" });
  const dev = await TestProject.create();
  try {
    must((await empty.up()).exitCode);
    const up = await dev.up("--policy-pack", dev.policyPack);
    must(up.exitCode);
    const times = await inTurn(rounds, {
      "empty program, 3 resources": async () => must((await empty.pulumi(["preview"], ordinary)).exitCode),
      "empty program, lean SDK": async () => must((await empty.preview()).exitCode),
      "dev, with pack": async () => must((await dev.preview("--policy-pack", dev.policyPack)).exitCode),
      "dev, without pack": async () => must((await dev.preview()).exitCode),
    });
    table("Preview of dev", times, "empty program, 3 resources");
    const count = Object.values(up.operations).reduce((sum, n) => sum + n, 0);
    const pack = times["dev, with pack"].median - times["dev, without pack"].median;
    line(
      `Pack: ${pack.toFixed(2)} s on ${count} resources; allowed 0.8 s + 1.2 ms each = ${allowedPack(count).toFixed(2)} s.`,
    );
    const program = await peakMemoryOf("@pulumi/pulumi/cmd/run/", () => dev.preview());
    line(
      `Memory: program ${program.toFixed(0)} MB peak, local cloud ${residentMegabytes(dev.cloud?.pid ?? 0).toFixed(0)} MB.`,
    );
  } finally {
    await empty.remove();
    await dev.remove();
  }
}

const cheapName = "cheap registration";
const plainName = "plain program";

/** The same program of N resources with and without cheap registration, and with the pack. */
async function scaling(sizes: readonly number[], rounds: number): Promise<void> {
  const medians: [size: number, seconds: number][] = [];
  for (const size of sizes) {
    const project = await TestProject.create({
      program: "tests/bench/programs/storage-accounts.js",
      config: { "bench:count": String(size) },
    });
    try {
      const cheap = async () => must((await project.preview()).exitCode);
      const plain = async () =>
        must(
          (await project.pulumi(["preview"], { ...ordinary, SWITCHYARD_PLAIN_REGISTRATION: "1" })).exitCode,
        );
      // The plain program at 3,000 resources takes minutes: the ratio is asked for at 1,000.
      const compared = size === 1000;
      const cases: Record<string, () => Promise<void>> = { [cheapName]: cheap };
      if (compared) cases[plainName] = plain;
      const times = await inTurn(size >= 1000 ? Math.min(rounds, 3) : rounds, cases);
      table(`Preview of ${size} storage accounts`, times, compared ? plainName : cheapName);
      medians.push([size, (times[cheapName] as Spread).median]);
    } finally {
      await project.remove();
    }
  }
  const [first, last] = [medians[0], medians.at(-1)];
  if (first && last && first !== last) {
    const exponent = Math.log(last[1] / first[1]) / Math.log(last[0] / first[0]);
    line(
      `From ${first[0]} to ${last[0]} resources time grows with the power ${exponent.toFixed(2)} of their number.`,
    );
  }
}

/** `npm start` when everything is cached and the stack exists, with the systems that Pulumi.dev.yaml names. */
async function start(rounds: number): Promise<void> {
  const project = await TestProject.create();
  try {
    const up = () =>
      runPulumi([join(repository, "bin", "switchyard.cjs"), "up"], {
        command: process.execPath,
        cwd: repository,
        environment: { ...(process.env as Record<string, string>), SWITCHYARD_STATE_DIR: project.stateDir },
      }).then((result) => must(result.exitCode));
    await up();
    table("npm start, warm", await inTurn(rounds, { "npm start": up }), "npm start");
  } finally {
    await project.remove();
  }
}

/** From spawn to the port that the engine waits for; the engine starts the plugin once per run at least. */
async function pluginStart(rounds: number): Promise<void> {
  const start = async (command: readonly string[]) => (await PluginDriver.ofProcess(command)).stop("SIGKILL");
  const times = await inTurn(Math.max(rounds, 7), {
    "Node printing a line": () =>
      start([process.execPath, "-e", "console.log(1); setInterval(() => {}, 1000)"]),
    "plugin switchyard": () => start([join(repository, "provider", "bin", "pulumi-resource-switchyard")]),
  });
  table("Plugin switchyard, spawn to port", times, "Node printing a line");
}

/** From an event log to each format, and the page in a browser. */
async function reports(rounds: number): Promise<void> {
  const figures = await measureReports(Math.max(rounds, 5));
  for (const [size, times] of figures.rendering) {
    table(`Reports of ${size} resources`, times, "event log to model");
  }
  const powers = ["event log to model", "html", "markdown", "sarif"].map(
    (name) => `${name} ${growth(figures, name).toFixed(2)}`,
  );
  line(`Powers of the number of resources with which time grows: ${powers.join(", ")}.`);
  const { opening } = figures;
  if (!opening) line("HTML of 5,000 resources: not measured, there is no Chromium on this machine.");
  else
    line(
      `HTML of 5,000 resources opens in ${opening.median.toFixed(2)} s (${opening.minimum.toFixed(2)} to ${opening.maximum.toFixed(2)}) in Chromium; allowed 1 s.`,
    );
}

/** A plan of each contract. */
function planner(rounds: number): void {
  line("\n### Planner, one plan of production with a migration\n");
  line("| contract | median ms | min | max |");
  line("|---|---|---|---|");
  for (const [system, { minimum, median, maximum }] of measurePlanner(rounds)) {
    line(`| ${system} | ${[median, minimum, maximum].map((value) => value.toFixed(1)).join(" | ")} |`);
  }
  line("\nAllowed: 10 ms.");
}

/** Releases in virtual time with random faults; fails when one of them did what none may do. */
async function simulations(releases: number): Promise<void> {
  const { violations, ends, ...figures } = await measureSimulations(releases);
  line(`\n### ${figures.releases} simulated releases with random faults\n`);
  line(
    `${figures.wallSeconds.toFixed(1)} s, ${figures.processorSeconds.toFixed(1)} s of processor time on ${figures.threads} threads; allowed 60 s. ${Math.round(figures.simulatedDays)} days of virtual time.`,
  );
  const words = Object.entries(ends).map(([end, count]) => `${count} ${end}`);
  line(`Ended: ${words.join(", ")}. Violations of invariants: ${violations.length}; allowed 0.`);
  for (const violation of violations.slice(0, 20)) line(`- ${violation}`);
  if (violations.length > 0) throw new Error("a simulated release did what none may do");
}

function table(title: string, times: Readonly<Record<string, Spread>>, baseline: string): void {
  const base = (times[baseline] as Spread).median;
  line(`\n### ${title}\n`);
  line("| case | median s | min | max | ratio |");
  line("|---|---|---|---|---|");
  for (const [name, { minimum, median, maximum }] of Object.entries(times)) {
    const cells = [median, minimum, maximum, median / base].map((value) => value.toFixed(2));
    line(`| ${name} | ${cells.join(" | ")} |`);
  }
  line("");
}

function allowedPack(resources: number): number {
  return 0.8 + 0.0012 * resources;
}

function must(exitCode: number): void {
  if (exitCode !== 0) throw new Error(`a measured command failed with exit code ${exitCode}`);
}

function gigabytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(0);
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

void program()
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  });
