import { isJson, type Json } from "../resource-types";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";
import { settingsIdOf, siteOf } from "./sites";
import type { StoredResource } from "./store";

const REFERENCES =
  /^(.*\/providers\/Microsoft\.Web\/sites\/[^/]+(?:\/slots\/[^/]+)?)\/config\/configreferences\/appsettings(\/refresh)?$/i;
const REFERENCE =
  /^@Microsoft\.KeyVault\(SecretUri=https:\/\/([^./]+)\.vault\.azure\.net\/secrets\/([^/)]+)/i;

/**
 * What a site's settings that name secrets of a vault resolve to, without their values: read (`Web Apps - Get App Settings
 * Key Vault References`), and fetched anew (`POST …/refresh`, Microsoft Learn, "Use Key Vault references"). Emulated apps
 * read no settings, so that nothing is cached here: what is in the vault is what is told.
 *
 * @returns undefined for another path
 * @throws ArmError 404 for a site that does not exist
 */
export function keyReferenceRequest(cloud: Cloud, method: string, path: string): ArmResponse | undefined {
  const [, id, refresh] = REFERENCES.exec(path) ?? [];
  if (id === undefined || method !== (refresh === undefined ? "GET" : "POST")) return undefined;
  const site = siteOf(cloud, id);
  const settings = cloud.store.get(settingsIdOf(site.id))?.body.properties;
  const value = Object.entries(isJson(settings) ? settings : {}).flatMap(([name, text]) => {
    const [, vault, secret] = REFERENCE.exec(String(text)) ?? [];
    if (vault === undefined || secret === undefined) return [];
    return [referenceOf(cloud, site, name, { reference: String(text), vault, secret })];
  });
  return { status: 200, body: { value, nextLink: null } };
}

function referenceOf(
  cloud: Cloud,
  site: StoredResource,
  name: string,
  { reference, vault, secret }: { reference: string; vault: string; secret: string },
): Json {
  const uri = `https://${vault}.vault.azure.net/secrets/${secret}`.toLowerCase();
  const found = cloud.store
    .all()
    .find(({ token, body }) => token === "azure-native:keyvault:Secret" && uriOf(body) === uri);
  const version = isJson(found?.body.properties) ? found.body.properties.version : undefined;
  return {
    id: `${site.id}/config/configreferences/appsettings/${name}`,
    name,
    type: "Microsoft.Web/sites/config/configreferences",
    properties: {
      reference,
      status: found === undefined ? "SecretNotFound" : "Resolved",
      vaultName: vault,
      secretName: secret,
      source: "KeyVault",
      ...(version !== undefined && { activeVersion: version }),
    },
  };
}

function uriOf({ properties }: Json): string {
  return String(isJson(properties) ? properties.secretUri : "").toLowerCase();
}
