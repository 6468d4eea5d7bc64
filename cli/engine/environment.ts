import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { evidenceFolderVariable, projectFolderVariable } from "../../policies/run/run-settings";
import type { Workspace } from "../workspace";
import type { KubernetesExports, LocalKubernetes } from "./kubernetes";

/**
 * Variables of the user that the engine may see: where programs and certificates are, the proxy, and the login of
 * the cloud. Everything else stays outside, so that two machines run the same.
 */
const passedThrough =
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|TEMP|TMP|LANG|LC_.*|TZ|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|XDG_.*|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|SYSTEMROOT)$/;
/** Login, backend and secrets provider of staging and production. */
const passedThroughOutsideDev =
  /^(AZURE_|ARM_|ACTIONS_ID_TOKEN_|PULUMI_(BACKEND_URL|CONFIG_PASSPHRASE|CONFIG_PASSPHRASE_FILE|ACCESS_TOKEN|HOME)$)/;

export interface EngineEnvironmentInput {
  readonly workspace: Workspace;
  /** Folder with `pulumi`, put in front of PATH. */
  readonly binDir: string;
  /** `local`: the dev stack; `offline`: a preview without credentials; `remote`: staging and production. */
  readonly mode: { kind: "local" } | { kind: "offline"; stack: string } | { kind: "remote" };
  readonly user: NodeJS.ProcessEnv;
}

/** Names and values that make plain `pulumi` work on the dev stack: `switchyard env` prints them. */
export function localExports(workspace: Workspace, binDir: string, userPath: string): Record<string, string> {
  return {
    PATH: withFolderInFront(binDir, userPath),
    PULUMI_HOME: pulumiHome(workspace),
    PULUMI_BACKEND_URL: pathToFileURL(backendFolder(workspace)).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(workspace),
    SWITCHYARD_STATE_DIR: workspace.stateDir,
    ...quiet,
  };
}

/** Names of dev's exports that lead plain `pulumi` astray on another stack. */
const misleadingElsewhere = Object.keys({
  PULUMI_HOME: true,
  PULUMI_BACKEND_URL: true,
  PULUMI_CONFIG_PASSPHRASE_FILE: true,
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: true,
  KUBECONFIG: true,
  SWITCHYARD_KUBERNETES_PROVIDER_VERSION: true,
  SWITCHYARD_CLUSTER_UID: true,
} satisfies Record<string, true> & Record<keyof KubernetesExports, true>);

/**
 * Names and values with which plain `pulumi` works on staging and production, undefined for what is to be unset: in a
 * shell that has dev's exports they would be those of another stack. Login and backend are the user's own.
 */
export function remoteExports(
  workspace: Workspace,
  binDir: string,
  user: NodeJS.ProcessEnv,
): Record<string, string | undefined> {
  const unset = hasLocalExports(workspace, user) ? misleadingElsewhere : [];
  return {
    PATH: withFolderInFront(binDir, user.PATH ?? ""),
    PULUMI_SKIP_UPDATE_CHECK: quiet.PULUMI_SKIP_UPDATE_CHECK,
    ...Object.fromEntries(unset.map((name) => [name, undefined])),
  };
}

/** Whether a shell has what `switchyard env` prints for dev. */
export function hasLocalExports(workspace: Workspace, user: NodeJS.ProcessEnv): boolean {
  return user.PULUMI_HOME === pulumiHome(workspace);
}

function withFolderInFront(folder: string, path: string): string {
  return path.split(":").includes(folder) ? path : `${folder}:${path}`;
}

/** Adds what makes plain `pulumi` and `kubectl` find the cluster of dev. */
export function withKubernetes(
  exports: Readonly<Record<string, string>>,
  { exports: added, kubectlFolder }: Pick<LocalKubernetes, "exports" | "kubectlFolder">,
): Record<string, string> {
  const folders = (exports.PATH ?? "").split(":");
  const path = folders.includes(kubectlFolder) ? folders : [...folders, kubectlFolder];
  return { ...exports, ...added, PATH: path.join(":") };
}

/** No look-ups over the network that nobody asked for (engine-notes: with no backend the CLI may try to sign up). */
const quiet = {
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
} as const;

/**
 * The engine and the Kubernetes provider live for seconds; a fifth of the engine's time went into collecting garbage.
 * The limit is a soft one, and keeps a large state from growing with it.
 */
const fewCollections = { GOGC: "400", GOMEMLIMIT: "1GiB" } as const;

/** The whole environment in which the CLI and, through it, program, pack and providers run. */
export function engineEnvironment(input: EngineEnvironmentInput): Record<string, string> {
  const { workspace, binDir, mode, user } = input;
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(user)) {
    if (value === undefined) continue;
    if (
      name === evidenceFolderVariable ||
      passedThrough.test(name) ||
      (mode.kind === "remote" && passedThroughOutsideDev.test(name))
    ) {
      inherited[name] = value;
    }
  }
  const common = {
    NO_COLOR: "1",
    // `--event-log` is a debugging flag of this CLI; it is the one source that holds resources and verdicts together.
    PULUMI_DEBUG_COMMANDS: "true",
    ...fewCollections,
    // The policy pack looks there for the trust root and for evidence.
    [projectFolderVariable]: workspace.root,
    NODE_OPTIONS: `--require ${JSON.stringify(join(workspace.dist, "cli", "engine", "lean-sdk.js"))}`,
  };
  if (mode.kind === "remote") {
    const path = `${binDir}:${inherited.PATH ?? ""}`;
    return { ...inherited, PATH: path, PULUMI_SKIP_UPDATE_CHECK: "true", ...common };
  }
  const local = { ...inherited, ...localExports(workspace, binDir, inherited.PATH ?? ""), ...common };
  if (mode.kind === "local") return local;
  return {
    ...local,
    PULUMI_BACKEND_URL: pathToFileURL(offlineBackendFolder(workspace)).href,
    SWITCHYARD_OFFLINE_STACK: mode.stack,
  };
}

export function pulumiHome(workspace: Workspace): string {
  return join(workspace.stateDir, "pulumi-home");
}

export function backendFolder(workspace: Workspace): string {
  return join(workspace.stateDir, "backend");
}

export function offlineBackendFolder(workspace: Workspace): string {
  return join(workspace.stateDir, "offline", "backend");
}

export function passphraseFile(workspace: Workspace): string {
  return join(workspace.stateDir, "passphrase");
}
