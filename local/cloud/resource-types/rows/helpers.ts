import type { ComputeContext, InputFault, Json } from "../model";
import { isJson } from "../paths";

/** Members of `properties` that nearly every type has. */
export function succeeded(extra: Json = {}): Json {
  return { properties: { provisioningState: "Succeeded", ...extra } };
}

export function propertiesOf(body: Json | undefined): Json {
  return isJson(body?.properties) ? body.properties : {};
}

/** What Azure adds to a managed identity: a principal that stays the same for the resource's life. */
export function identityOf(context: ComputeContext): Json {
  const identity = context.body.identity;
  if (!isJson(identity)) return {};
  const type = String(identity.type ?? "None");
  const users = isJson(identity.userAssignedIdentities) ? identity.userAssignedIdentities : {};
  const filled = Object.entries(users).map(([id]) => {
    const user = propertiesOf(context.lookUp(id)?.body);
    return [id, { principalId: user.principalId, clientId: user.clientId }];
  });
  return {
    identity: {
      ...(type.includes("SystemAssigned")
        ? { principalId: context.guidFor("principal"), tenantId: context.tenantId }
        : {}),
      ...(filled.length > 0 ? { userAssignedIdentities: Object.fromEntries(filled) } : {}),
    },
  };
}

/** A rule about a name's characters and length, in Azure's words. */
export function nameRule(input: string, pattern: RegExp, allowed: string): (inputs: Json) => InputFault[] {
  return (inputs) => {
    const name = inputs[input];
    if (
      typeof name !== "string" ||
      name.includes("04da6b54-80e4-46f7-96ec-b56ff0331ba9") ||
      pattern.test(name)
    )
      return [];
    return [{ path: input, reason: `${JSON.stringify(name)} is not a valid name: ${allowed}` }];
  };
}

/** The one name that a child may have: `default`. */
export function fixedName(input: string, name: string): (inputs: Json) => InputFault[] {
  return nameRule(input, new RegExp(`^${name}$`), `the only one Azure has is "${name}"`);
}

const privateAddress = /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./;

/**
 * Rules of a firewall on addresses, as Key Vault and Storage take them: none of a private network (Microsoft Learn,
 * "Add-AzKeyVaultNetworkRule"), and for Storage no range of /31 or /32.
 */
export function addressRuleFaults(
  rules: unknown,
  at: { readonly path: string; readonly key: string },
  longestPrefix = 32,
): InputFault[] {
  return (Array.isArray(rules) ? rules : []).flatMap((rule, index) => {
    const range = isJson(rule) ? rule[at.key] : undefined;
    if (typeof range !== "string") return [];
    const path = `${at.path}[${index}].${at.key}`;
    if (privateAddress.test(range))
      return [{ path, reason: `${range} is private: only public addresses are allowed` }];
    const prefix = Number(range.split("/")[1] ?? 0);
    if (prefix <= longestPrefix) return [];
    return [
      { path, reason: `${range} is too small a range: at most /${longestPrefix}, or a single address` },
    ];
  });
}
