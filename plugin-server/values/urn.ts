export interface Urn {
  stack: string;
  project: string;
  /** The last type of the chain of parents: `azure-native:web:WebApp`. */
  type: string;
  name: string;
}

/** @returns undefined for a text that is not a URN (`urn:pulumi:STACK::PROJECT::TYPE$TYPE::NAME`). */
export function parseUrn(urn: string): Urn | undefined {
  const match = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn);
  if (match === null) return undefined;
  const [, stack, project, qualifiedType, name] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
  ];
  return { stack, project, type: qualifiedType.split("$").at(-1)!, name };
}
