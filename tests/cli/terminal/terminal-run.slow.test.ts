import { strict as assert } from "node:assert";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { until } from "../../support/until";

const driver = join(__dirname, "driver.js");

/** How `up` of staging and production runs the CLI. The terminal is a real one, made by `script` of util-linux. */
describe("a run of the CLI that talks to the terminal itself", () => {
  let started: ChildProcess | undefined;
  let said = "";
  afterEach(() => started?.kill("SIGKILL"));

  const start = (command: string, ...argv: readonly string[]) => {
    said = "";
    started = spawn(command, argv, { stdio: ["pipe", "pipe", "inherit"] });
    started.stdout!.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    return { input: started.stdin! };
  };
  const words = (pattern: RegExp) => until(String(pattern), () => pattern.exec(said)?.[1], 20_000);
  const running = async () => {
    await words(/engine runs (up --yes)/);
    return Number(await words(/driver is (\d+)/));
  };
  /** The engine ends when a line is typed, and what asked it to stop until then is counted. */
  const ended = async () => JSON.parse(await words(/result (\{.*\})/)) as object;
  const once = { exitCode: 7, requests: 1, left: [] };

  describe("at a terminal", () => {
    before(function () {
      // Other systems have another `script`, or none.
      if (spawnSync("script", ["--version"]).status !== 0) this.skip();
    });
    const atTerminal = (options = "") =>
      start("script", "-qec", `"${process.execPath}" "${driver}" ${options}`, "/dev/null");

    it("Ctrl-C interrupts the engine once, not by this process as well: a second time drops what runs", async () => {
      const { input } = atTerminal("--after-engine");
      await running();
      input.write("\x03");
      await words(/driver got (SIGINT)/);
      await words(/engine got (SIGINT) number 1/);
      input.write("\n");
      assert.deepEqual(await ended(), once);
    });

    it("whoever ends this process alone ends the engine, once", async () => {
      const { input } = atTerminal();
      process.kill(await running(), "SIGTERM");
      await words(/engine got (SIGTERM) number 1/);
      input.write("\n");
      assert.deepEqual(await ended(), once);
    });
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`without one, as in CI, ${signal} to this process interrupts the engine once`, async () => {
      const { input } = start(process.execPath, driver);
      process.kill(await running(), signal);
      await words(/engine got (SIGINT) number 1/);
      input.write("\n");
      assert.deepEqual(await ended(), once);
    });
  }
});
