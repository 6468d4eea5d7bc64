import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "../../local/user-error";
import { exampleRelease } from "../../release/plan/examples/example-manifest";
import type { Manifest } from "../../release/plan/manifest";
import { parseManifest } from "../../release/plan/parse-manifest";
import type { SideBlock } from "../../runbooks/sides";
import { colours } from "../../runbooks/target";
import { isLocalStack } from "../stack-files";
import type { Workspace } from "../workspace";
import type { LoadedRelease } from "./load-release";

/** What `--to` takes in place of a file. */
export const exampleName = "example";

/**
 * The manifest that `--to` names: a file, or `example` on dev, whose packages are written into the state folder.
 *
 * @throws UserError when there is no such file, or with every fault of the manifest
 */
export async function loadManifest(
  workspace: Workspace,
  to: string,
  release: LoadedRelease,
): Promise<Manifest> {
  if (to === exampleName) return writeExample(workspace, release);
  let text: string;
  try {
    text = await readFile(to, "utf8");
  } catch (cause) {
    throw new UserError(`The manifest ${to} cannot be read: ${(cause as Error).message}`, {
      mend: `Name a YAML or JSON file, or on dev ${exampleName}.`,
      cause,
    });
  }
  return parseManifest(text, to, release);
}

async function writeExample(workspace: Workspace, release: LoadedRelease): Promise<Manifest> {
  const { stack, contract, facts, observed } = release;
  if (!isLocalStack(stack)) {
    throw new UserError(
      `--to ${exampleName} is for dev: its images and packages are nobody's. Received stack ${stack}.`,
      {
        mend: "Name the manifest of a build.",
      },
    );
  }
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
