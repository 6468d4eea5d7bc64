import { asJson, type Json } from "./json";

/** A resource of the cloud as the cloud keeps it; only what the front looks at. */
export interface CloudResource {
  readonly id: string;
  readonly token: string;
  readonly body: Json;
  /** A site's `config/web`. */
  readonly config?: Json;
  /** What was deployed to a site. */
  readonly content?: Json;
}

export interface ChangeSet {
  readonly epoch: string;
  readonly revision: number;
  readonly whole: boolean;
  readonly changed: readonly CloudResource[];
  readonly removed: readonly string[];
}

/** Beginnings of the tokens that traffic and telemetry depend on. */
export const followedTokens = [
  "azure-native:web:",
  "azure-native:cdn:",
  "azure-native:frontdoor:",
  "azure-native:applicationinsights:Component",
  "azure-native:operationalinsights:Workspace",
] as const;

export function propertiesOf({ body }: CloudResource): Json {
  return asJson(body.properties);
}

export function keyOf(id: string): string {
  return id.replace(/\/+$/, "").toLowerCase();
}

/** The cloud's resources as they were last heard of, by id in lower case. */
export class Resources {
  readonly #byKey = new Map<string, CloudResource>();
  /** Grows with every change, so that what is derived from them knows when it is old. */
  version = 0;

  apply({ whole, changed, removed }: ChangeSet): void {
    if (whole) this.#byKey.clear();
    for (const resource of changed) this.#byKey.set(keyOf(resource.id), resource);
    for (const key of removed) this.#byKey.delete(key);
    if (whole || changed.length > 0 || removed.length > 0) this.version++;
  }

  get(id: string): CloudResource | undefined {
    return this.#byKey.get(keyOf(id));
  }

  all(...tokens: readonly string[]): CloudResource[] {
    return [...this.#byKey.values()].filter(({ token }) =>
      tokens.includes(token.slice("azure-native:".length)),
    );
  }
}
