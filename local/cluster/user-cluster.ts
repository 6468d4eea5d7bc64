import { X509Certificate } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { tmpdir } from "node:os";
import { runTool, type ToolResult } from "../toolchain/run-tool";
import { UserError } from "../user-error";

const answerWithinMilliseconds = 15_000;

export interface UserClusterOptions {
  /** Absolute path. */
  readonly kubeconfig: string;
  readonly kubectl: string;
  /** The user's whole environment: a login by a program of theirs may need any of it. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes sure that the user's own cluster can be used: the file is there, the server answers and takes the login.
 *
 * @returns the cluster's identity, the UID of its namespace kube-system: address, names and certificates may change
 * @throws UserError that says which of these is not so
 */
export async function requireUserCluster(options: UserClusterOptions): Promise<string> {
  const { kubeconfig } = options;
  try {
    accessSync(kubeconfig, constants.R_OK);
  } catch (cause) {
    throw new UserError(`the kubeconfig ${kubeconfig} cannot be read: ${(cause as Error).message}`, {
      mend: "correct switchyard:kubeconfig, or remove it to use the local cluster: pulumi config rm switchyard:kubeconfig --stack dev",
      cause,
    });
  }
  const readiness = await runOnUserCluster(options, "get", "--raw", "/readyz");
  if (readiness.code !== 0) {
    await refuseExpiredLogin(options);
    throw clusterError(kubeconfig, readiness.stderr, readiness.timedOut);
  }
  const uid = await askUserCluster(options, "get", "namespace", "kube-system", "-o=jsonpath={.metadata.uid}");
  if (uid !== "") return uid;
  throw new UserError(`the cluster of ${kubeconfig} does not say which one it is: kube-system has no UID`);
}

/** To a certificate that has expired the server says no more than that it knows nobody by it. */
async function refuseExpiredLogin(options: UserClusterOptions): Promise<void> {
  const { code, stdout } = await runOnUserCluster(
    options,
    "config",
    "view",
    "--raw",
    "--minify",
    "--flatten",
    "--output=jsonpath={.users[0].user.client-certificate-data}",
  );
  if (code !== 0 || stdout === "") return;
  const { validTo } = certificateIn(stdout, options.kubeconfig);
  if (Date.parse(validTo) > Date.now()) return;
  throw new UserError(`the login of ${options.kubeconfig} has expired: its certificate ended ${validTo}`, {
    mend: "get a new kubeconfig from whoever runs the cluster",
  });
}

function certificateIn(base64: string, kubeconfig: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(base64, "base64"));
  } catch (cause) {
    throw new UserError(`the client certificate in ${kubeconfig} is none: ${(cause as Error).message}`, {
      mend: "get a new kubeconfig from whoever runs the cluster",
      cause,
    });
  }
}

/**
 * @returns what `kubectl` printed
 * @throws UserError with the mend when it failed
 */
export async function askUserCluster(options: UserClusterOptions, ...argv: string[]): Promise<string> {
  const answer = await runOnUserCluster(options, ...argv);
  if (answer.code !== 0) throw clusterError(options.kubeconfig, answer.stderr, answer.timedOut);
  return answer.stdout.trim();
}

/** The same, whatever it ended with. */
export function runOnUserCluster(
  { kubeconfig, kubectl, env, signal }: UserClusterOptions,
  ...argv: string[]
): Promise<ToolResult> {
  return runTool(kubectl, [`--kubeconfig=${kubeconfig}`, "--request-timeout=10s", ...argv], {
    cwd: tmpdir(),
    env,
    signal,
    timeoutMilliseconds: answerWithinMilliseconds,
  });
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
    // Without any cluster in the file kubectl asks this address of its own.
    /context .* does not exist|context was not found|no configuration has been provided|invalid configuration|error loading config|localhost:8080/i.test(
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
