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
