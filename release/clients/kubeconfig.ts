import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isJson, type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";

/** A command that gives credentials (Kubernetes, "client-go credential plugins"). */
export interface ExecCredentialCommand {
  readonly apiVersion: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What the vendor says to do when the command is not there. */
  readonly installHint?: string;
}

/** How to reach a cluster and as whom. Certificates and keys are PEM. */
export interface ClusterAccess {
  /** For messages: `context switchyard-dev of /…/kubeconfig`. */
  readonly source: string;
  readonly server: string;
  readonly ca?: string;
  readonly servername?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly token?: string;
  readonly exec?: ExecCredentialCommand;
}

interface Entry {
  readonly value: Json;
  /** File that it stands in; relative paths in it begin there. */
  readonly file: string;
}

interface Kubeconfig {
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  find(section: "clusters" | "users" | "contexts", name: string): Entry | undefined;
  names(section: "contexts"): readonly string[];
}

/**
 * Access to a cluster by a context of the files that `KUBECONFIG` names; where several define the same name the first
 * one wins, as with kubectl. What cannot be done safely (no verification, passwords) is refused rather than left out.
 *
 * @param variable value of `KUBECONFIG`
 * @param contextName @default the current context
 * @throws UserError for files that are missing or wrong, a context that is not there
 */
export function accessByKubeconfig(variable: string | undefined, contextName?: string): ClusterAccess {
  const files = (variable ?? "").split(":").filter((file) => file !== "");
  if (files.length === 0) {
    throw new UserError("no cluster: KUBECONFIG is not set", {
      mend: 'with the local cluster: npx switchyard cloud start && eval "$(npx switchyard env)"; with another: export KUBECONFIG=FILE',
    });
  }
  const config = merged(
    files.map((file) => ({ file, value: parsedFile(file, readFile(file, "KUBECONFIG names it")) })),
  );
  return accessOf(config, contextName ?? config.currentContext);
}

/** The same for the text of one kubeconfig, as a cloud hands it out. */
export function accessByText(text: string, source: string): ClusterAccess {
  const config = merged([{ file: source, value: parsedFile(source, text) }]);
  return accessOf(config, config.currentContext);
}

function accessOf(config: Kubeconfig, contextName: string | undefined): ClusterAccess {
  const where = config.files.join(":");
  const context = contextName === undefined ? undefined : config.find("contexts", contextName);
  if (context === undefined) {
    const known = config.names("contexts").join(", ") || "none";
    throw new UserError(
      `${where} has no context ${JSON.stringify(contextName ?? "(current-context)")}; it has: ${known}`,
      { mend: "is KUBECONFIG the one of this stack's cluster? For dev: npx switchyard cloud status" },
    );
  }
  const names = mapAt(context.value, "context");
  const cluster = config.find("clusters", String(names.cluster));
  const user = config.find("users", String(names.user));
  if (cluster === undefined || user === undefined) {
    throw new UserError(
      `context ${contextName} of ${where} names a cluster or a user that is not in there: ${String(names.cluster)}, ${String(names.user)}`,
    );
  }
  return {
    source: `context ${contextName} of ${where}`,
    ...clusterAccess(cluster, where),
    ...userAccess(user, where),
  };
}

function clusterAccess({ value, file }: Entry, where: string): Pick<ClusterAccess, "server" | "ca"> {
  const cluster = mapAt(value, "cluster");
  const { server } = cluster;
  if (typeof server !== "string" || !URL.canParse(server)) {
    throw new UserError(`${where}: the cluster ${String(value.name)} has no address, server: https://…`);
  }
  const { protocol, hostname } = new URL(server);
  // What is on this machine, such as `kubectl proxy`, is asked over no network.
  if (protocol !== "https:" && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)) {
    throw new UserError(
      `${where}: the address of the cluster ${String(value.name)} is ${server}: login and orders would go there in clear`,
      { mend: "give it the cluster's https address" },
    );
  }
  if (cluster["insecure-skip-tls-verify"] === true) {
    throw new UserError(
      `${where}: the cluster ${String(value.name)} has insecure-skip-tls-verify; who answers there could be anybody`,
      { mend: "give it the cluster's certificate-authority" },
    );
  }
  refuseKeys(cluster, ["proxy-url"], `cluster ${String(value.name)}`, where);
  const servername = cluster["tls-server-name"];
  return {
    server,
    ...pem(cluster, "certificate-authority", file, "ca"),
    ...(typeof servername === "string" && { servername }),
  };
}

function userAccess({ value, file }: Entry, where: string): Partial<ClusterAccess> {
  const user = mapAt(value, "user");
  refuseKeys(user, ["username", "password", "auth-provider"], `user ${String(value.name)}`, where);
  const token =
    typeof user.tokenFile === "string"
      ? readFile(resolve(dirname(file), user.tokenFile), `${where} names it`).trim()
      : user.token;
  return {
    ...pem(user, "client-certificate", file, "clientCertificate"),
    ...pem(user, "client-key", file, "clientKey"),
    ...(typeof token === "string" && { token }),
    ...(isJson(user.exec) && { exec: execCommand(user.exec) }),
  };
}

function execCommand(exec: Json): ExecCredentialCommand {
  const environment = listAt(exec, "env").map((entry) => mapAt(entry));
  return {
    apiVersion: String(exec.apiVersion),
    command: String(exec.command),
    arguments: listAt(exec, "args").map(String),
    environment: Object.fromEntries(environment.map(({ name, value }) => [String(name), String(value)])),
    ...(typeof exec.installHint === "string" && { installHint: exec.installHint }),
  };
}

/** `KEY-data` in base64, or the file that `KEY` names. */
function pem<Name extends string>(
  section: Json,
  key: string,
  file: string,
  name: Name,
): Partial<Record<Name, string>> {
  const [data, path] = [section[`${key}-data`], section[key]];
  const text =
    typeof data === "string"
      ? Buffer.from(data, "base64").toString("utf8")
      : typeof path === "string"
        ? readFile(resolve(dirname(file), path), `${file} names it`)
        : undefined;
  return (text === undefined ? {} : { [name]: text }) as Partial<Record<Name, string>>;
}

function refuseKeys(section: Json, keys: readonly string[], what: string, where: string): void {
  const found = keys.filter((key) => section[key] !== undefined);
  if (found.length === 0) return;
  throw new UserError(`${where}: the ${what} has ${found.join(", ")}, which is not supported here`, {
    mend: "a client certificate, a token or an exec plugin is",
  });
}

function merged(parts: readonly { readonly file: string; readonly value: Json }[]): Kubeconfig {
  const entries = (section: string) =>
    parts.flatMap(({ file, value }) =>
      listAt(value, section).map((entry) => ({ file, value: mapAt(entry) })),
    );
  const current = parts.map(({ value }) => value["current-context"]).find((name) => name);
  return {
    files: parts.map(({ file }) => file),
    currentContext: typeof current === "string" ? current : undefined,
    find: (section, name) => entries(section).find(({ value }) => value.name === name),
    names: (section) => entries(section).map(({ value }) => String(value.name)),
  };
}

function readFile(file: string, why: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${file} cannot be read (${code}); ${why}`, {
      mend: "for dev: npx switchyard cloud start writes it",
      cause: error,
    });
  }
}

function parsedFile(file: string, text: string): Json {
  let value: unknown;
  try {
    // At first use: most plugins' processes of a run never look at a cluster.
    const { parse } = require("yaml") as typeof import("yaml");
    value = parse(text);
  } catch (error) {
    throw new UserError(`${file} is not YAML: ${(error as Error).message.split("\n")[0]}`, { cause: error });
  }
  if (isJson(value)) return value;
  throw new UserError(`${file} is not a kubeconfig`);
}
