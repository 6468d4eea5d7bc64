import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineSession } from "../../../cli/engine/session";
import { runInTerminal } from "../../../cli/engine/terminal-run";
import { until } from "../../support/until";

/** Runs the fake engine as `up` of production runs the real one, and says what came of it. */
async function main(): Promise<void> {
  const stateDir = mkdtempSync(join(tmpdir(), "switchyard-terminal-"));
  const pulumi = join(stateDir, "pulumi");
  writeFileSync(
    pulumi,
    `#!/bin/sh\nexec "${process.execPath}" "${join(__dirname, "fake-engine.js")}" "$@"\n`,
  );
  chmodSync(pulumi, 0o700);
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, async () => {
      // Two signals that are pending at once would be one.
      if (process.argv.includes("--after-engine"))
        await until("the engine's notice", () => existsSync(join(stateDir, "noticed")));
      abort.abort();
      process.stdout.write(`driver got ${signal}\n`);
    });
  }
  process.stdout.write(`driver is ${process.pid}\n`);
  const session = {
    workspace: { root: stateDir, dist: "", policyPack: "", stateDir },
    toolchain: { pulumi },
    environment: { PATH: process.env.PATH ?? "" },
    logFile: join(stateDir, "pulumi.log"),
    signal: abort.signal,
  } as unknown as EngineSession;
  const { exitCode, events } = await runInTerminal(session, ["up", "--yes"]);
  const left = readdirSync(stateDir).filter((name) => name.startsWith("run-"));
  process.stdout.write(`result ${JSON.stringify({ exitCode, requests: events.length, left })}\n`);
  rmSync(stateDir, { recursive: true, force: true });
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
