import assert from "node:assert/strict";
import type { EngineRun, TestProject } from "./project";

/** Runs an operation of the engine that has to find everything as it is. */
export async function expectNoChanges(project: TestProject, ...argv: readonly string[]): Promise<void> {
  const run = await project.pulumi([...argv, "--expect-no-changes"]);
  assert.equal(run.exitCode, 0, `${changedObjects(run).join(", ")}\n${lastLines(run)}`);
}

/** The progress of 800 resources would bury the reason. */
export function lastLines({ stdout, stderr }: EngineRun): string {
  return `${stdout}\n${stderr}`.trim().split("\n").slice(-40).join("\n");
}

/** Names of the resources that a run would change in any way, without what the engine itself reads. */
export function changedObjects({ events }: EngineRun): readonly string[] {
  return events.flatMap(({ resourcePreEvent }) => {
    const metadata = resourcePreEvent?.metadata;
    if (!metadata || ["same", "read", "refresh"].includes(metadata.op)) return [];
    return metadata.type === "pulumi:pulumi:Stack" ? [] : [metadata.urn.split("::").at(-1)!];
  });
}
