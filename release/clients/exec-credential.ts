import { type ExecFileException, execFile } from "node:child_process";
import { mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { ExecCredentialCommand } from "./kubeconfig";
import { saysNoConnection } from "./login-failure";

/** Credentials that a command gave. */
export interface ExecCredential {
  readonly token?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
}

/** A person may have to answer in a browser. */
const commandMilliseconds = 120_000;

/**
 * Runs the command of a kubeconfig's user and reads what it prints, which is a secret and goes nowhere else.
 * @throws UserError when the command is missing, fails or prints something else; retriable when it took too long or had no
 *   connection
 */
export async function runExecCredential(
  exec: ExecCredentialCommand,
  milliseconds = commandMilliseconds,
): Promise<ExecCredential> {
  const output = await run(exec, milliseconds);
  const status = mapAt(parsed(output), "status");
  const text = (key: string) => (typeof status[key] === "string" ? (status[key] as string) : undefined);
  const [token, clientCertificate, clientKey] = [
    text("token"),
    text("clientCertificateData"),
    text("clientKeyData"),
  ];
  if (token === undefined && (clientCertificate === undefined || clientKey === undefined)) {
    throw new UserError(
      `${exec.command} of the kubeconfig printed no ExecCredential with a token or certificate`,
    );
  }
  return { token, clientCertificate, clientKey };
}

function run(exec: ExecCredentialCommand, milliseconds: number): Promise<string> {
  const { apiVersion } = exec;
  const information = JSON.stringify({ apiVersion, kind: "ExecCredential", spec: { interactive: false } });
  const env = { ...process.env, ...exec.environment, KUBERNETES_EXEC_INFO: information };
  return new Promise((resolve, reject) => {
    execFile(
      exec.command,
      [...exec.arguments],
      { env, timeout: milliseconds, maxBuffer: 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(failed(exec, error, stderr, milliseconds));
      },
    );
  });
}

function failed(
  exec: ExecCredentialCommand,
  error: ExecFileException,
  stderr: string,
  milliseconds: number,
): UserError {
  const { code, killed } = error as ExecFileException;
  if (code === "ENOENT") {
    return new UserError(`${exec.command}, which the kubeconfig names for logging in, is not on PATH`, {
      mend: exec.installHint ?? `install ${exec.command}`,
      cause: error,
    });
  }
  if (killed && code !== "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
    return new UserError(
      `${exec.command}, which the kubeconfig names for logging in, has not ended within ${milliseconds / 1000} s`,
      { mend: "log in again (az login), then repeat", cause: error, retriable: true },
    );
  }
  const said = stderr.trim().split("\n").slice(-3).join("\n");
  return new UserError(
    `${exec.command}, which the kubeconfig names for logging in, failed: ${said || code}`,
    {
      mend: "log in again (az login), then repeat",
      cause: error,
      retriable: saysNoConnection(said),
    },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
