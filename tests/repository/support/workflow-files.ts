import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../../support/root";

export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly if?: string;
  readonly id?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly env?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly environment?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
}

export interface Workflow {
  readonly file: string;
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(root, ".github", "workflows");

export const workflows: readonly Workflow[] = readdirSync(folder)
  .filter((file) => /\.ya?ml$/.test(file))
  .sort()
  .map((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    return { ...(parse(text) as Omit<Workflow, "file" | "text">), file, text };
  });

const actionFile = join(root, ".github", "actions", "set-up", "action.yml");
export const setUpAction = {
  text: readFileSync(actionFile, "utf8"),
  ...(parse(readFileSync(actionFile, "utf8")) as { runs: { using: string; steps: readonly Step[] } }),
};

/** Every job that has steps of its own, with a name for messages. */
export const jobs = workflows.flatMap((workflow) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${workflow.file} ${id}`, workflow, id, job })),
);

export function job(file: string, id: string): Job {
  const found = jobs.find(({ workflow, id: other }) => workflow.file === file && other === id);
  if (found === undefined) throw new Error(`${file} has no job ${id}`);
  return found.job;
}

/** Azure's pipeline: every `script` and `inlineScript` in it, wherever it is nested. */
export const pipelineText = readFileSync(join(root, "docs", "ci", "azure-pipelines.yml"), "utf8");
export const pipeline: unknown = parse(pipelineText);

/** Every mapping below a value, the value included. */
export function* mappingsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(value)) {
    for (const item of value) yield* mappingsIn(item);
  } else if (typeof value === "object" && value !== null) {
    yield value as Readonly<Record<string, unknown>>;
    for (const item of Object.values(value)) yield* mappingsIn(item);
  }
}

/** An expression as workflows and pipelines write it. */
export function expression(inner: string): string {
  return `$\{{ ${inner} }}`;
}
