/** A value that only the owner knows, as a stack file marks it: `<owner: PagerDuty integration key>`. */
export interface Placeholder {
  /** Setting with its path, such as `kirana-inventory:contacts.cto.phone`. */
  readonly key: string;
  /** What the owner is asked for: the text of the mark. */
  readonly whatIsAsked: string;
}

const mark = /^<owner: ([^<>]+)>$/;

/** What a placeholder asks for; undefined when the value is none. */
export function askedFor(value: unknown): string | undefined {
  return typeof value === "string" ? mark.exec(value.trim())?.[1] : undefined;
}

/** Whether a text holds a mark that is not the whole value, which nothing would find later. */
export function holdsBrokenMark(value: string): boolean {
  return /<\s*owner\b/i.test(value) && askedFor(value) === undefined;
}

/** Stand-in that an offline preview puts in the place of an encrypted value, which it cannot decrypt. */
export const sealedValue = "sealed-in-offline-preview";
