import { lstat, mkdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";

interface ProviderPlugin {
  /** A Pulumi home of this project, never the user's own. */
  readonly pulumiHome: string;
  /** The executable, outside the checkout. */
  readonly path: string;
  readonly version: string;
}

/** Puts the Kubernetes provider into a Pulumi home as a plugin: a link, since it is 150 MB. Can be repeated. */
export async function installKubernetesProvider({
  pulumiHome,
  path,
  version,
}: ProviderPlugin): Promise<void> {
  const folder = join(pulumiHome, "plugins", `resource-kubernetes-v${version}`);
  const link = join(folder, "pulumi-resource-kubernetes");
  if ((await target(link)) === path) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const next = `${link}.${process.pid}.next`;
  await rm(next, { force: true });
  await symlink(path, next);
  await rename(next, link);
}

async function target(link: string): Promise<string | undefined> {
  try {
    return (await lstat(link)).isSymbolicLink() ? await readlink(link) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
