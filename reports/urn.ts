/** `cosmosdb:DatabaseAccount` of `azure-native:cosmosdb:DatabaseAccount`. */
export function shortType(type: string): string {
  return type.replace(/^azure-native:/, "").replace(/^random:index\/[^:]+:/, "random:");
}

/** The resource's own name, the last part of its URN. */
export function shortName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The resource's type, the last of the chain that its URN holds; empty for what is no URN. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** `kirana-store` of a URN below `switchyard:systems:KiranaStore`. */
export function systemOf(urn: string): string | undefined {
  const component = /::switchyard:systems:([A-Za-z0-9]+)[$:]/.exec(urn)?.[1];
  return component?.replace(/(?<=[a-z0-9])[A-Z]/g, "-$&").toLowerCase();
}
