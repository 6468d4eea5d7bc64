import { accessSync, constants } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "../toolchain/run-tool";
import { UserError } from "../user-error";

const answerWithinMilliseconds = 15_000;

interface UserClusterOptions {
  /** As the setting has it; `~/` is the home folder. */
  readonly kubeconfig: string;
  readonly kubectl: string;
  /** The user's whole environment: a login by a program of theirs may need any of it. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * Makes sure that the user's own cluster can be used: the file is there, the server answers, takes the login, and lets
 * it make namespaces.
 *
 * @returns the kubeconfig's absolute path
 * @throws UserError that says which of these is not so
 */
export async function requireUserCluster(options: UserClusterOptions): Promise<string> {
  const { kubeconfig, kubectl, env, signal } = options;
  const file = kubeconfig.startsWith("~/") ? join(env.HOME || homedir(), kubeconfig.slice(2)) : kubeconfig;
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    throw new UserError(`the kubeconfig ${file} cannot be read: ${(cause as Error).message}`, {
      mend: "correct switchyard:kubeconfig, or remove it to use the local cluster: pulumi config rm switchyard:kubeconfig --stack dev",
      cause,
    });
  }
  const ask = (...argv: string[]) =>
    runTool(kubectl, [`--kubeconfig=${file}`, "--request-timeout=10s", ...argv], {
      cwd: tmpdir(),
      env,
      signal,
      timeoutMilliseconds: answerWithinMilliseconds,
    });
  const ready = await ask("get", "--raw", "/readyz");
  if (ready.code !== 0) throw clusterError(file, ready.stderr, ready.timedOut);
  const allowed = await ask("auth", "can-i", "create", "namespaces");
  if (allowed.stdout.trim() !== "yes") {
    throw new UserError(`the user of ${file} may not create namespaces on its cluster`, {
      mend: "use a login that may: the stack makes namespaces, roles and cluster-wide objects (cluster-admin, or a role as docs/local-cluster.md lists it)",
    });
  }
  return file;
}

/** What `kubectl` could not do, in words that say what to mend. */
export function clusterError(file: string, stderr: string, timedOut = false): UserError {
  const detail = stderr.trim().split("\n").at(-1) ?? "";
  if (/certificate has expired|certificate is not yet valid/i.test(stderr)) {
    return new UserError(`a certificate for the cluster of ${file} has expired: ${detail}`, {
      mend: "get a new kubeconfig from whoever runs the cluster; for the local cluster: switchyard cloud stop && switchyard cloud start",
    });
  }
  if (/forbidden/i.test(stderr)) {
    return new UserError(`the user of ${file} is forbidden to ask its cluster: ${detail}`, {
      mend: "use a login with more rights",
    });
  }
  if (/unauthorized|must be logged in|credentials/i.test(stderr)) {
    return new UserError(`the cluster of ${file} does not accept the login: ${detail}`, {
      mend: "log in again with the program that made the kubeconfig",
    });
  }
  if (/certificate signed by unknown authority|x509/i.test(stderr)) {
    return new UserError(
      `the cluster of ${file} shows a certificate that the kubeconfig does not trust: ${detail}`,
      {
        mend: "get a new kubeconfig: the cluster was made anew, or something stands in between",
      },
    );
  }
  if (
    /context .* does not exist|no configuration has been provided|invalid configuration|error loading config/i.test(
      stderr,
    )
  ) {
    return new UserError(`${file} is no kubeconfig with a usable current context: ${detail}`, {
      mend: `look at it with kubectl --kubeconfig ${file} config view`,
    });
  }
  return new UserError(
    `no cluster can be reached with ${file}: ${timedOut ? `no answer within ${answerWithinMilliseconds / 1000} s` : detail}`,
    {
      mend: "start that cluster, or remove the setting to use the local one: pulumi config rm switchyard:kubeconfig --stack dev",
    },
  );
}
