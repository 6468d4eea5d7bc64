import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { systemClock } from "../../release/engine/system-clock";
import { exampleApp } from "../../release/plan/examples/example-app";
import type { ManifestComponent } from "../../release/plan/manifest";
import { oneDeploy } from "../../release/strategies/slots/one-deploy";
import { SlotSite } from "../../release/strategies/slots/site";
import { uploadTo } from "../../release/strategies/static-site/upload";
import type { TrackFacts } from "../../runbooks/release-facts";
import type { CommandContext } from "../context";
import type { Workspace } from "../workspace";
import type { LoadedRelease } from "./load-release";
import { staticSiteHost } from "./observe-tracks";

/** The version that runs on dev before its first release, so that this one has something to go back to. */
export const firstVersion = "0.9.0";
const deployWaiting = { seconds: 60, lookMilliseconds: 200 } as const;

type Components = Readonly<Record<string, ManifestComponent>>;

/**
 * Puts a first version on sites of dev that never had one: a runbook's release replaces a version, and goes back to it.
 * Colours of a cluster have theirs from the stack.
 *
 * @returns whether something was deployed
 */
export async function deployFirstVersion(
  { workspace, progress, signal }: Pick<CommandContext, "workspace" | "progress" | "signal">,
  release: LoadedRelease,
): Promise<boolean> {
  const { contract, facts, observed } = release;
  const kept = await firstComponents(workspace, contract.system);
  const empty = facts.tracks.filter(({ name, target, components: [component] }) => {
    const { live, versions, exists } = observed[name] ?? { exists: false, versions: {} };
    if (!exists || "components" in target) return false;
    const version = versions[live ?? ""];
    return version === undefined || (version === firstVersion && kept[component!] === undefined);
  });
  if (empty.length === 0) return false;
  await progress.step(`putting ${firstVersion} on ${contract.system}, which has no version yet`, async () => {
    const components: Record<string, ManifestComponent> = {};
    for (const track of empty) {
      const [component] = track.components;
      const path = join(folderOf(workspace), `${contract.system}-${component}-${firstVersion}.json`);
      const text = `${JSON.stringify(exampleApp(contract, component!, firstVersion), undefined, 2)}\n`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFileAtomic(path, text, { mode: 0o600 });
      const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
      components[component!] = { package: path, digest };
      await deploy(track, { package: path, digest }, Buffer.from(text), release, signal);
    }
    await writeFileAtomic(
      fileOf(workspace, contract.system),
      `${JSON.stringify({ ...kept, ...components }, undefined, 2)}\n`,
      { mode: 0o600 },
    );
  });
  return true;
}

async function deploy(
  { target }: TrackFacts,
  component: { package: string; digest: string },
  bytes: Buffer,
  { surroundings }: LoadedRelease,
  signal: AbortSignal,
): Promise<void> {
  if (target.kind === "slots") {
    const { production } = await new SlotSite(target, surroundings).hosts();
    const waiting = { ...deployWaiting, clock: systemClock(), signal };
    await oneDeploy(production.deployment, bytes, surroundings, waiting);
  } else if (target.kind === "staticSite") {
    const host = await staticSiteHost(target, surroundings, signal);
    if (host === undefined) return;
    await uploadTo(target.siteId, host, surroundings).upload({ component, bytes, version: firstVersion });
  }
}

/** Artefacts of the first version of dev, which no release's journal names. */
export async function firstComponents(workspace: Workspace, system: string): Promise<Components> {
  try {
    return JSON.parse(await readFile(fileOf(workspace, system), "utf8")) as Components;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

function fileOf(workspace: Workspace, system: string): string {
  return join(folderOf(workspace), `${system}-${firstVersion}.json`);
}

function folderOf(workspace: Workspace): string {
  return join(workspace.stateDir, "releases", "examples");
}
