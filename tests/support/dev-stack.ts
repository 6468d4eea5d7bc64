import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type CliProcess, type CliResult, runCliProcess, startCli } from "./cli";
import { makeProjectFolder, repository, type TestProjectOptions } from "./project";

/** A dev stack in folders of its own, worked on by the commands that users give. */
export interface DevStack {
  readonly stateDir: string;
  /** Folder with Pulumi.dev.yaml. */
  readonly project: string;
  /** Runs `switchyard` to its end. */
  run(...argv: readonly string[]): Promise<CliResult>;
  start(...argv: readonly string[]): CliProcess;
}

/** Brings one up before the tests of a suite, and takes it away after them; called in the suite. */
export function devStackOfSuite(config: TestProjectOptions["config"] = {}): DevStack {
  let folders: Pick<DevStack, "stateDir" | "project"> | undefined;
  const known = () => {
    assert.ok(folders, "the stack is there in tests and hooks alone");
    return folders;
  };
  const environment = () => ({ SWITCHYARD_PROJECT_DIR: known().project });
  const dev: DevStack = {
    get stateDir() {
      return known().stateDir;
    },
    get project() {
      return known().project;
    },
    run: (...argv) => runCliProcess(argv, known().stateDir, environment()),
    start: (...argv) => startCli(argv, known().stateDir, environment()),
  };
  before(async () => {
    const parent = join(repository, ".build", "states");
    mkdirSync(parent, { recursive: true });
    folders = { project: makeProjectFolder({ config }), stateDir: mkdtempSync(join(parent, "s-")) };
    const { code, stdout, stderr } = await dev.run("up");
    assert.equal(code, 0, stdout + stderr);
  });
  after(async () => {
    if (folders === undefined) return;
    await dev.run("cloud", "stop");
    for (const folder of [folders.stateDir, folders.project])
      rmSync(folder, { recursive: true, force: true });
  });
  return dev;
}
