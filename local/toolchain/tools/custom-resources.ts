import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { fetchChecked } from "../fetch-checked";
import { fileDigest, textDigest } from "../file-digest";
import { runGo } from "../go-build";
import { SourceUnavailable } from "../source-unavailable";
import type { BuildOptions, DownloadOptions, Tool } from "../tool";
import type { Filling } from "../tool-cache";
import { type DefinitionSource, definitionSources } from "./definition-sources";

const keyPrefix = "custom-resources-";
/** Name of the file in the entry: a JSON array, since the cluster reads it at each start. */
export const definitionsFile = "definitions.json";
/** Raised when the same files would be written down in another way. */
const format = "1";

interface Definition {
  readonly kind: string;
  readonly metadata: { name: string };
  readonly spec: { group: string };
}

/** Custom resource definitions from the Go modules that carry them; each file has a digest that is known before. */
export const customResources: Tool = {
  name: "the custom resource definitions",
  version: `of ${definitionSources.map(({ module, version }) => `${basename(module)} ${version}`).join(", ")}`,
  missing: "set of custom resource definitions",
  keyPrefix,
  downloadKeyPrefix: `${keyPrefix}${contentKey()}-download`,
  buildKey: async () => `${keyPrefix}${contentKey()}-build`,
  downloadUrl: () => "https://raw.githubusercontent.com",
  download,
  build,
  mends: ["let this machine reach https://raw.githubusercontent.com, directly or by HTTPS_PROXY"],
};

function contentKey(): string {
  return textDigest(format, JSON.stringify(definitionSources)).slice(0, 16);
}

async function download(folder: string, options: DownloadOptions): Promise<Filling> {
  const base = options.env.SWITCHYARD_DEFINITIONS_DOWNLOAD_URL?.replace(/\/+$/, "");
  const part = join(folder, "part.yaml");
  const definitions = await collect(async ({ rawUrl }, path, sha256) => {
    const from = base === undefined ? rawUrl : rawUrl.replace("https://raw.githubusercontent.com", base);
    await fetchChecked(`${from}/${path}`, part, sha256, options);
    return readFile(part, "utf8");
  });
  await rm(part);
  await write(folder, definitions);
  return {
    key: customResources.downloadKeyPrefix,
    facts: { version: customResources.version, origin: "download", because: "downloaded file by file" },
  };
}

async function build(folder: string, options: BuildOptions): Promise<Filling> {
  const work = join(folder, "work");
  await mkdir(work);
  options.report("fetching modules");
  const wanted = definitionSources.map(({ module, version }) => `${module}@${version}`);
  const { go, stdout } = await runGo(["mod", "download", "-json", ...wanted], options, { cwd: work });
  const folders = new Map<string, string>();
  for (const { Path, Dir } of jsonValues<{ Path: string; Dir: string }>(stdout)) folders.set(Path, Dir);
  const definitions = await collect(async ({ module }, path, sha256) => {
    const file = join(folders.get(module) ?? "", path);
    const digest = await fileDigest(file);
    if (digest !== sha256) throw new SourceUnavailable(`${file} has SHA-256 ${digest}, known is ${sha256}`);
    return readFile(file, "utf8");
  });
  await rm(work, { recursive: true });
  await write(folder, definitions);
  const because = `from Go modules with ${go}; ${options.because}`;
  return {
    key: await customResources.buildKey(),
    facts: { version: customResources.version, origin: "build", because },
  };
}

async function collect(
  read: (source: DefinitionSource, path: string, sha256: string) => Promise<string>,
): Promise<Definition[]> {
  const definitions: Definition[] = [];
  for (const source of definitionSources) {
    for (const [path, sha256] of Object.entries(source.files)) {
      definitions.push(...definitionsIn(await read(source, path, sha256), source.group));
    }
  }
  return definitions;
}

/** The definitions in a YAML file, in the group that they are to have. */
export function definitionsIn(text: string, group: DefinitionSource["group"]): Definition[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Definition | null)
    .filter((value): value is Definition => value?.kind === "CustomResourceDefinition")
    .map((definition) => {
      if (group === undefined) return definition;
      const { metadata, spec } = definition;
      const name = metadata.name.replace(group.from, group.to);
      return { ...definition, metadata: { ...metadata, name }, spec: { ...spec, group: group.to } };
    });
}

async function write(folder: string, definitions: readonly Definition[]): Promise<void> {
  await writeFile(join(folder, definitionsFile), JSON.stringify(definitions));
}

/** Go writes one JSON object after the other. */
function jsonValues<T>(text: string): T[] {
  return JSON.parse(`[${text.trim().replaceAll(/^}\n{/gm, "},\n{")}]`) as T[];
}
