import type { AzureLogin } from "../clients/azure-login";
import type { HttpAnswer } from "../clients/http";
import { jsonOf } from "../clients/http";
import type { HostRequest } from "../clients/surroundings";
import { isJson, type Json, mapAt } from "../targets/json";
import { UserError } from "../user-error";

const apiVersion = "7.4";

/** A vault's data plane, as the release reaches it. */
export interface VaultDoor {
  /** Address of the vault, `https://NAME.vault.azure.net/`. */
  readonly uri: string;
  readonly login: Pick<AzureLogin, "token">;
  fetchHttp(request: HostRequest): Promise<HttpAnswer>;
  readonly signal: AbortSignal;
}

/**
 * Gives a secret a new version that points elsewhere; versions before stay. Done again it changes nothing. What is
 * written is read back.
 *
 * @param rewrite the new value from the old one; the same value: nothing is written
 * @returns whether a version was written
 * @throws UserError without any value in it
 */
export async function switchSecret(
  door: VaultDoor,
  name: string,
  rewrite: (value: string) => string,
): Promise<boolean> {
  const before = await read(door, name);
  const value = rewrite(before.value);
  if (value === before.value) return false;
  const { contentType, tags, attributes } = before.secret;
  const { enabled, exp, nbf } = mapAt(attributes);
  await ask(door, name, {
    value,
    ...(typeof contentType === "string" && { contentType }),
    ...(isJson(tags) && { tags }),
    attributes: {
      enabled: enabled ?? true,
      ...(exp !== undefined && { exp }),
      ...(nbf !== undefined && { nbf }),
    },
  });
  const after = await read(door, name);
  if (after.value !== value) {
    throw new UserError(
      `the secret ${name} was written to ${door.uri} and read back differently: somebody else writes it`,
      { retriable: true },
    );
  }
  return true;
}

async function read(door: VaultDoor, name: string): Promise<{ secret: Json; value: string }> {
  const secret = await ask(door, name);
  const { value } = secret;
  if (typeof value === "string") return { secret, value };
  throw new UserError(`${door.uri} answered without a value of the secret ${name}`, { retriable: true });
}

async function ask(door: VaultDoor, name: string, body?: Json): Promise<Json> {
  const url = new URL(`/secrets/${name}?api-version=${apiVersion}`, door.uri);
  const answer = await door.fetchHttp({
    method: body === undefined ? "GET" : "PUT",
    url,
    headers: {
      authorization: `Bearer ${await door.login.token("vault")}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: door.signal,
  });
  const said = jsonOf(answer);
  if (answer.status === 200 && isJson(said)) return said;
  const what = body === undefined ? "read" : "written";
  if (answer.status === 404) throw new UserError(`there is no secret ${name} in ${door.uri}`);
  if (answer.status === 401 || answer.status === 403) {
    throw new UserError(`the secret ${name} in ${door.uri} may not be ${what} (${answer.status})`, {
      mend: "whoever runs a restore needs the role Key Vault Secrets Officer on the vault, and a way to it",
    });
  }
  throw new UserError(`the secret ${name} could not be ${what}: ${door.uri} answered ${answer.status}`, {
    retriable: answer.status === 429 || answer.status >= 500,
  });
}

/** Address of a database (`postgresql://…/NAME?…`, `mongodb+srv://…/NAME`, JDBC) that names another database. */
export function withDatabase(address: string, database: string): string {
  const parts = /^([^?]*\/\/[^/?]+)(\/[^?]*)?(\?.*)?$/s.exec(address);
  if (parts === null) throw new UserError("the secret is no address of a database; nothing was written");
  return `${parts[1]}/${encodeURIComponent(database)}${parts[3] ?? ""}`;
}

/** Connection string of SQL Server (`Key=value;…`) that names another database. */
export function withCatalog(connection: string, database: string): string {
  const key = /(^|;)(\s*(?:Database|Initial Catalog)\s*=)[^;]*/i;
  if (!key.test(connection)) throw new UserError("the secret names no database; nothing was written");
  return connection.replace(key, (_, before: string, name: string) => `${before}${name}${database}`);
}
