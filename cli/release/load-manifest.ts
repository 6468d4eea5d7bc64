import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "../../local/user-error";
import { exampleRelease } from "../../release/plan/examples/example-manifest";
import type { Manifest } from "../../release/plan/manifest";
import { parseManifest } from "../../release/plan/parse-manifest";
import type { SideBlock } from "../../runbooks/sides";
import { colours } from "../../runbooks/target";
import { readFault } from "../read-fault";
import { isLocalStack } from "../stack-files";
import type { Workspace } from "../workspace";
import { contractNamed } from "./contract-named";
import type { LoadedRelease } from "./load-release";

/** What `--to` takes in place of a file. */
export const exampleName = "example";

/** Gives the manifest for a release as it is found: where its components go says which kind each has to be. */
export type ManifestFor = (release: LoadedRelease) => Promise<Manifest>;

/**
 * The manifest that `--to` names: a file, or `example` on dev, whose packages are written into the state folder. What is
 * wrong with it by itself is said here, before the stack, its cloud or its cluster are asked.
 *
 * @throws UserError when there is no such file, or with every fault of the manifest; so does what it answers
 */
export async function openManifest(
  workspace: Workspace,
  to: string,
  { system, stack }: { readonly system: string; readonly stack: string },
): Promise<ManifestFor> {
  const contract = contractNamed(system);
  if (to === exampleName) {
    requireExampleStack(stack);
    return (release) => writeExample(workspace, release);
  }
  const text = await textOf(to);
  parseManifest(text, to, { contract });
  return async (release) => parseManifest(text, to, release);
}

async function textOf(to: string): Promise<string> {
  try {
    return await readFile(to, "utf8");
  } catch (cause) {
    throw new UserError(`The manifest ${to} cannot be read: ${readFault(cause)}.`, {
      mend: `Name a YAML or JSON file, or on dev ${exampleName}.`,
      cause,
    });
  }
}

function requireExampleStack(stack: string): void {
  if (isLocalStack(stack)) return;
  throw new UserError(
    `--to ${exampleName} is for dev: its images and packages are nobody's. Received stack ${stack}.`,
    { mend: "Name the manifest of a build." },
  );
}

async function writeExample(workspace: Workspace, release: LoadedRelease): Promise<Manifest> {
  const { contract, facts, observed } = release;
  const folder = join(workspace.stateDir, "releases", "examples");
  const { manifest, packages } = exampleRelease({
    contract,
    facts,
    observed,
    live: liveBlock(release),
    placeOf: (name) => join(folder, name),
  });
  for (const { path, text } of packages) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFileAtomic(path, text, { mode: 0o600 });
  }
  return manifest;
}

/** Block of the colour that has the traffic. */
function liveBlock({ facts, observed, settings }: LoadedRelease): SideBlock | undefined {
  const live = facts.tracks.flatMap(({ name }) => observed[name]?.live ?? []);
  const colour = colours.find((each) => live.includes(each));
  return colour && settings.sides[colour];
}
