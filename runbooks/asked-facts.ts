import type { ReleaseFacts } from "./release-facts";
import type { Entry } from "./vocabulary";

/** Names by which entries ask for something that the stack says of its system. */
export interface AskedFacts {
  readonly hosts: ReadonlySet<string>;
  readonly resources: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
  readonly stores: ReadonlySet<string>;
  readonly components: ReadonlySet<string>;
}

const kinds = ["hosts", "resources", "outputs", "stores", "components"] as const;

/** Keys of an entry whose texts are names, and what they are names of. */
const namesUnder: Readonly<Record<string, keyof AskedFacts>> = {
  host: "hosts",
  hosts: "hosts",
  resource: "resources",
  equalsOutput: "outputs",
  store: "stores",
  components: "components",
};

const storesAsked = ["postgres", "mongo", "redis", "sql", "elasticsearch", "cosmos"];

/** What of a stack's facts entries name. */
export function askedBy(entries: readonly Entry[]): AskedFacts {
  const asked = Object.fromEntries(kinds.map((kind) => [kind, new Set<string>()])) as Record<
    keyof AskedFacts,
    Set<string>
  >;
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "hostVariables") {
        for (const host of Object.keys(inner)) asked.hosts.add(host);
        continue;
      }
      const kind = namesUnder[key];
      const texts = [inner].flat().filter((text): text is string => typeof text === "string");
      if (kind !== undefined) for (const text of texts) asked[kind].add(text);
      if (key === "target" && storesAsked.includes(inner as string)) asked.stores.add(inner as string);
      visit(inner);
    }
  };
  visit(entries);
  return asked;
}

/** What entries name and the stack's facts do not say, or not as what it should be: `hosts.api`. */
export function missingFacts(entries: readonly Entry[], facts: ReleaseFacts): readonly string[] {
  const asked = askedBy(entries);
  const isThere: Readonly<Record<Exclude<keyof AskedFacts, "components">, (value: unknown) => boolean>> = {
    hosts: (host) => hasTexts(host, ["url"]) || hasTexts(host, ["bySide"]),
    resources: isText,
    outputs: isText,
    stores: (store) => typeof store === "object" && store !== null,
  };
  const named = (["hosts", "resources", "outputs", "stores"] as const).flatMap((kind) =>
    [...asked[kind]]
      .filter(
        (name) => !isThere[kind]((facts[kind] as Readonly<Record<string, unknown>> | undefined)?.[name]),
      )
      .map((name) => `${kind}.${name}`),
  );
  const moved = new Set((facts.tracks ?? []).flatMap(({ components }) => components));
  const unmoved = [...asked.components].filter((name) => !moved.has(name)).map((name) => `tracks of ${name}`);
  return [...named, ...unmoved].sort();
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

/** Whether each of these keys has a text, or a map of texts. */
function hasTexts(value: unknown, keys: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  return keys.every((key) => {
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner !== "object" || inner === null) return isText(inner);
    const texts = Object.values(inner);
    return texts.length > 0 && texts.every(isText);
  });
}
