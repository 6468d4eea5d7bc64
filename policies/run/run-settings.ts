import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a run of the pack is told besides the resources. Nothing here is verified yet. */
export interface RunSettings {
  /** Name of the stack, such as `production`. */
  readonly stack: string;
  /** Folder that relative locations start from; undefined where it is not known. */
  readonly projectFolder: string | undefined;
  readonly exemptionsFile: string;
  /** Value of `switchyard:trustRoot`; undefined when it is not set. */
  readonly trustRoot: unknown;
  /** Value of `switchyard:evidence`; undefined when it is not set. */
  readonly evidence: unknown;
  /** Folder into which a pipeline has copied the container that `switchyard:evidence` names. */
  readonly evidenceFolder?: string;
  readonly now: Date;
}

export const exemptionsFileName = "exemptions.yaml";
/** The checkout's project, where the pack does not lie in it. `switchyard` sets it. */
export const projectFolderVariable = "SWITCHYARD_PROJECT_DIR";
export const evidenceFolderVariable = "SWITCHYARD_EVIDENCE_DIR";

/**
 * What the engine tells a pack by its environment: the stack and, as JSON, its settings.
 *
 * @param packFolder Folder with PulumiPolicy.yaml.
 */
export function settingsOfEngine(environment: NodeJS.ProcessEnv, packFolder: string): RunSettings {
  return runSettings({
    stack: environment.PULUMI_STACK ?? "",
    config: configOf(environment.PULUMI_CONFIG),
    packFolder,
    projectFolder: projectFolderOf(environment, packFolder),
    environment,
  });
}

export interface RunSource {
  readonly stack: string;
  /** Settings of the stack, `switchyard:KEY` to its value. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly packFolder: string;
  readonly projectFolder: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

export function runSettings({
  stack,
  config,
  packFolder,
  projectFolder,
  environment,
}: RunSource): RunSettings {
  const evidenceFolder = environment[evidenceFolderVariable];
  return {
    stack,
    projectFolder,
    exemptionsFile: join(packFolder, exemptionsFileName),
    trustRoot: structured(config["switchyard:trustRoot"]),
    evidence: structured(config["switchyard:evidence"]),
    ...(evidenceFolder && { evidenceFolder }),
    now: new Date(),
  };
}

function configOf(text: string | undefined): Readonly<Record<string, unknown>> {
  const value = structured(text ?? "{}");
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** The engine hands lists and maps on as JSON in a text. What is none stays a text, and is refused where it is read. */
function structured(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

function projectFolderOf(environment: NodeJS.ProcessEnv, packFolder: string): string | undefined {
  const named = environment[projectFolderVariable];
  if (named) return named;
  const above = dirname(packFolder);
  return existsSync(join(above, "Pulumi.yaml")) ? above : undefined;
}
