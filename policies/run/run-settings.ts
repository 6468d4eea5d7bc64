import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { holdsPlaceholder } from "../placeholder";
import type { StackConfiguration } from "./stack-configuration";

/** What a run of the pack is told besides the resources. Nothing here is verified yet. */
export interface RunSettings {
  /** Name of the stack, such as `production`. */
  readonly stack: string;
  /** Folder that relative locations start from; undefined where it is not known. */
  readonly projectFolder: string | undefined;
  readonly exemptionsFile: string;
  /** Value of `switchyard:trustRoot`; undefined when it is not set, also while a part of it is a placeholder. */
  readonly trustRoot: unknown;
  /** Value of `switchyard:evidence`; undefined when it is not set, also while a part of it is a placeholder. */
  readonly evidence: unknown;
  /** Folder into which a pipeline has copied the container that `switchyard:evidence` names. */
  readonly evidenceFolder?: string;
  readonly now: Date;
}

export const exemptionsFileName = "exemptions.yaml";
/** The checkout's project, where the pack does not lie in it. `switchyard` sets it. */
export const projectFolderVariable = "SWITCHYARD_PROJECT_DIR";
export const evidenceFolderVariable = "SWITCHYARD_EVIDENCE_DIR";

/** Settings that a run of the pack reads. */
export const runKeys = ["switchyard:trustRoot", "switchyard:evidence"] as const;

/**
 * What the engine tells a pack, by a call before the first question or, where an engine starts it without a language
 * host, by its environment. It is looked at when it is needed: the pack is made before it is told anything.
 *
 * @param packFolder Folder with PulumiPolicy.yaml.
 * @param told What the call said; undefined while there was none.
 */
export function settingsOfEngine(
  environment: NodeJS.ProcessEnv,
  packFolder: string,
  told: () => StackConfiguration | undefined,
): RunSettings {
  const projectFolder = projectFolderOf(environment, packFolder);
  const current = () => {
    const { stack, config } = told() ?? {
      stack: environment.PULUMI_STACK ?? "",
      config: configOf(environment.PULUMI_CONFIG),
    };
    return runSettings({ stack, config, packFolder, projectFolder, environment });
  };
  return {
    ...current(),
    get stack() {
      return current().stack;
    },
    get trustRoot() {
      return current().trustRoot;
    },
    get evidence() {
      return current().evidence;
    },
  };
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
    trustRoot: given(config[runKeys[0]]),
    evidence: given(config[runKeys[1]]),
    ...(evidenceFolder && { evidenceFolder }),
    now: new Date(),
  };
}

function configOf(text: string | undefined): Readonly<Record<string, unknown>> {
  const value = structured(text ?? "{}");
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** A placeholder gives nothing: what needs the setting says that it is not set, as it would without it. */
function given(value: unknown): unknown {
  const whole = structured(value);
  return holdsPlaceholder(whole) ? undefined : whole;
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
