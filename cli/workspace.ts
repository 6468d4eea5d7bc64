import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../local/user-error";

/** Name of the Pulumi project, as Pulumi.yaml has it: state, URNs and rules speak of it. */
export const projectName = "switchyard";

/** The checkout a command works on, and the folders in it that are not in version control. */
export interface Workspace {
  /** Folder that holds Pulumi.yaml and package.json. */
  readonly root: string;
  /** Compiled program, pack and stand-ins. */
  readonly dist: string;
  /** Folder of the policy pack. */
  readonly policyPack: string;
  /** State of the embedded local cloud, of the dev stack and of offline previews; mode 0700. */
  readonly stateDir: string;
}

/**
 * The workspace that this compiled file belongs to. `SWITCHYARD_STATE_DIR` moves the state, for example for tests
 * that run side by side; `SWITCHYARD_PROJECT_DIR` names another folder with a Pulumi.yaml and stack files, which this
 * checkout's program, pack and plugins are to work on.
 *
 * @throws UserError when there is no project, or the state folder cannot be made.
 */
export function openWorkspace(environment: NodeJS.ProcessEnv = process.env): Workspace {
  const checkout = findRoot(__dirname);
  const root = projectFolder(environment) ?? checkout;
  // Set to nothing it is not set: the working folder would become the state, closed to everybody else.
  const stateDir = resolve(environment.SWITCHYARD_STATE_DIR || join(root, ".switchyard"));
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    chmodSync(stateDir, 0o700);
  } catch (cause) {
    throw new UserError(`The state folder ${stateDir} cannot be written: ${(cause as Error).message}`, {
      mend: "Free some space or permit writing there, or name another folder with SWITCHYARD_STATE_DIR.",
      cause,
    });
  }
  return { root, dist: join(checkout, "dist"), policyPack: join(checkout, "policies"), stateDir };
}

function projectFolder({ SWITCHYARD_PROJECT_DIR: named }: NodeJS.ProcessEnv): string | undefined {
  if (!named) return undefined;
  const folder = resolve(named);
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  throw new UserError(`SWITCHYARD_PROJECT_DIR names ${folder}, which holds no Pulumi.yaml.`, {
    mend: "Name the folder of a project, or unset it to work on this checkout.",
  });
}

function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    if (dirname(folder) === folder) {
      throw new UserError(`No Pulumi.yaml was found in ${from} or above it.`, {
        mend: "Run switchyard from a whole checkout of the project.",
      });
    }
  }
}

/** Version in the project's package.json. */
export function projectVersion(workspace: Workspace): string {
  return (JSON.parse(readFileSync(join(workspace.dist, "..", "package.json"), "utf8")) as { version: string })
    .version;
}
