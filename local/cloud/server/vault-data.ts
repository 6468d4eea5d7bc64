import { byToken, isJson, type Json, nameOf } from "../resource-types";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";
import type { StoredResource } from "./store";
import { writeResource } from "./write";

const vaultToken = "azure-native:keyvault:Vault";
const secretToken = "azure-native:keyvault:Secret";

export interface VaultRequest {
  readonly method: string;
  /** Name of the vault, as its host begins. */
  readonly vault: string;
  /** Path at that host: `/secrets`, `/secrets/NAME`, `/secrets/NAME/VERSION`. */
  readonly path: string;
  readonly body: Json;
}

/**
 * The data plane of Key Vault for secrets: list, read, and write of a new version. Only the newest version is kept; the
 * API is that of Microsoft's "Key Vault REST API reference", secrets.
 *
 * @throws ArmError 404 for a vault or secret that is not there, 403 for a disabled secret
 */
export async function vaultRequest(cloud: Cloud, request: VaultRequest): Promise<ArmResponse> {
  const vault = vaultOf(cloud, request.vault);
  const [collection, name, version, ...rest] = request.path.split("/").filter((part) => part !== "");
  if (collection !== "secrets" || rest.length > 0) throw unknownPath(request);
  if (name === undefined && request.method === "GET") return list(cloud, vault);
  if (name === undefined) throw unknownPath(request);
  if (request.method === "PUT" && version === undefined) return write(cloud, vault, name, request.body);
  if (request.method !== "GET") throw unknownPath(request);
  const secret = secretOf(cloud, vault, name);
  if (version === "versions") return { status: 200, body: { value: [itemOf(secret, true)], nextLink: null } };
  if (version !== undefined && version !== propertiesOf(secret).version) throw notFound(`${name}/${version}`);
  if (attributesOf(secret).enabled === false) {
    throw new ArmError(403, "Forbidden", `Operation get is not allowed on a disabled secret.`);
  }
  return { status: 200, body: bundleOf(secret) };
}

function vaultOf(cloud: Cloud, name: string): StoredResource {
  const found = cloud.store
    .all()
    .find(({ token, id }) => token === vaultToken && nameOf(id).toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new ArmError(404, "VaultNotFound", `There is no vault '${name}'.`);
}

function secretOf(cloud: Cloud, vault: StoredResource, name: string): StoredResource {
  const secret = cloud.store.get(`${vault.id}/secrets/${name}`);
  if (secret === undefined) throw notFound(name);
  return secret;
}

function list(cloud: Cloud, vault: StoredResource): ArmResponse {
  const secrets = cloud.store.below(vault.id).filter(({ token }) => token === secretToken);
  const value = secrets
    .sort((left, right) => (left.id < right.id ? -1 : 1))
    .map((secret) => itemOf(secret, false));
  return { status: 200, body: { value, nextLink: null } };
}

async function write(cloud: Cloud, vault: StoredResource, name: string, sent: Json): Promise<ArmResponse> {
  if (typeof sent.value !== "string") {
    throw new ArmError(400, "BadParameter", "The request body must hold a text 'value'.");
  }
  const id = `${vault.id}/secrets/${name}`;
  const { value, attributes, contentType, tags } = sent;
  const body: Json = {
    ...(isJson(tags) ? { tags } : {}),
    properties: {
      value,
      ...(isJson(attributes) ? { attributes } : {}),
      ...(typeof contentType === "string" ? { contentType } : {}),
    },
  };
  if (byToken(secretToken) === undefined) throw unknownPath({ method: "PUT", path: id });
  await writeResource(cloud, { id, body, patch: false, headers: {}, stuck: false, base: "" });
  return { status: 200, body: bundleOf(secretOf(cloud, vault, name)) };
}

function propertiesOf({ body }: StoredResource): Json {
  return isJson(body.properties) ? body.properties : {};
}

function attributesOf(secret: StoredResource): Json {
  const { attributes } = propertiesOf(secret);
  return {
    enabled: true,
    ...(isJson(attributes) ? attributes : {}),
    created: Math.floor(Date.parse(secret.createdAt) / 1000),
    updated: Math.floor(Date.parse(secret.changedAt) / 1000),
    recoveryLevel: "Recoverable",
  };
}

function itemOf(secret: StoredResource, withVersion: boolean): Json {
  const { secretUri, secretUriWithVersion, contentType } = propertiesOf(secret);
  return {
    id: withVersion ? secretUriWithVersion : secretUri,
    attributes: attributesOf(secret),
    ...(contentType === undefined ? {} : { contentType }),
    tags: secret.body.tags ?? {},
  };
}

function bundleOf(secret: StoredResource): Json {
  const asked = isJson(secret.asked.properties) ? secret.asked.properties : {};
  return { value: asked.value ?? "", ...itemOf(secret, true) };
}

function notFound(name: string): ArmError {
  return new ArmError(
    404,
    "SecretNotFound",
    `A secret with (name/id) ${name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.`,
  );
}

function unknownPath({ method, path }: Pick<VaultRequest, "method" | "path">): ArmError {
  return new ArmError(404, "NotFound", `The local vault has no ${method} ${path}.`);
}
