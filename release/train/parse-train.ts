import { parseDocument } from "yaml";
import { isJson } from "../targets/json";
import { UserError } from "../user-error";
import { inOrder, type Ordered } from "./order";

/** What a file says of one release of a train: its manifest, or the file that holds it. */
export interface TrainPart extends Ordered {
  /** Not looked at yet: what a system's manifest must hold, its contract says. */
  readonly manifest: unknown;
  /** Where the manifest stands, as an error calls it. */
  readonly source: string;
}

/** @returns the text of a manifest's file, beside the train's. @throws UserError when there is none */
export type ReadManifest = (path: string) => Promise<string>;

/** Whether a file, YAML or JSON, names several releases. */
export function isTrain(text: string): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && document.has("releases");
}

/**
 * Reads a train: `releases: [{ system, version, components, …, after }]`, where `{ manifest: FILE, after }` names the file of
 * a manifest.
 *
 * @param source What an error calls it, such as its path.
 * @returns in the order in which they begin
 * @throws UserError with every fault of its shape, or the first fault of its order
 */
export async function parseTrain(
  text: string,
  source: string,
  readManifest: ReadManifest,
): Promise<readonly TrainPart[]> {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken)
    throw new UserError(`${source} is neither YAML nor JSON: ${broken.message.trim()}`, { mend: example });
  const value: unknown = document.toJS();
  const faults: string[] = [];
  const others = isJson(value) ? Object.keys(value).filter((key) => key !== "releases") : [];
  if (others.length > 0) faults.push(`${others.join(", ")}: a train has nothing but \`releases\``);
  const releases = isJson(value) ? value.releases : undefined;
  if (!Array.isArray(releases) || releases.length === 0)
    faults.push(`releases: received ${shown(releases)}; allowed: a list of at least one release`);
  const parts: TrainPart[] = [];
  for (const [index, release] of (Array.isArray(releases) ? releases : []).entries()) {
    const part = await partOf(release, `releases.${index}`, source, readManifest, faults);
    if (part !== undefined) parts.push(part);
  }
  if (faults.length > 0)
    throw new UserError(`${source} is no train:\n${faults.map((fault) => `  ${fault}`).join("\n")}`, {
      mend: example,
    });
  return inOrder(parts, source);
}

const example =
  "A train is { releases: [{ system, version, components }, { manifest: FILE, after: [SYSTEM] }] }; docs/release.md shows one.";

async function partOf(
  release: unknown,
  key: string,
  source: string,
  readManifest: ReadManifest,
  faults: string[],
): Promise<TrainPart | undefined> {
  if (!isJson(release)) {
    faults.push(`${key}: received ${shown(release)}; allowed: a manifest, or { manifest: FILE, after }`);
    return undefined;
  }
  const { after = [], ...rest } = release;
  if (!isNames(after)) {
    faults.push(
      `${key}.after: received ${shown(after)}; allowed: a list of systems, such as [kirana-inventory]`,
    );
    return undefined;
  }
  if (!("manifest" in rest)) return placed(rest, after, `${source}, ${key}`, key, faults);
  const { manifest: path, ...more } = rest;
  if (typeof path !== "string" || Object.keys(more).length > 0) {
    const received = typeof path === "string" ? `also ${Object.keys(more).join(", ")}` : shown(path);
    faults.push(
      `${key}.manifest: received ${received}; allowed: the path of a file, and nothing but \`after\` beside it`,
    );
    return undefined;
  }
  const document = parseDocument(await readManifest(path));
  const [broken] = document.errors;
  if (broken) {
    faults.push(`${key}.manifest: ${path} is neither YAML nor JSON: ${broken.message.trim()}`);
    return undefined;
  }
  return placed(document.toJS(), after, path, `${key}, in ${path}`, faults);
}

function placed(
  manifest: unknown,
  after: readonly string[],
  source: string,
  key: string,
  faults: string[],
): TrainPart | undefined {
  const system = isJson(manifest) ? manifest.system : undefined;
  if (typeof system === "string" && system !== "") return { system, after, manifest, source };
  faults.push(`${key}: system: received ${shown(system)}; allowed: the name of the system that is released`);
  return undefined;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string" && name !== "");
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
