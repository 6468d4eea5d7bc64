/**
 * The release of the Pulumi CLI that this project is written and tested for. It is also the floor for one found on
 * PATH; package.json pins the SDK, and modules/pulumi/go.mod the build, to the same version.
 */
export const pulumiVersion = "3.232.0";

/** Where official releases are published: archives and, beside them, one file with their SHA-256 digests. */
const officialBaseUrl = "https://get.pulumi.com/releases/sdk";

const systems: Partial<Record<NodeJS.Platform, string>> = { linux: "linux", darwin: "darwin" };
const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: "x64", arm64: "arm64" };

/** One official archive. */
export interface OfficialRelease {
  readonly archiveName: string;
  readonly archiveUrl: string;
  readonly checksumsUrl: string;
}

/**
 * The archive for this machine; undefined where none is published that could be used here.
 *
 * @param env `SWITCHYARD_PULUMI_DOWNLOAD_URL` names another folder with the same files, such as a mirror
 */
export function officialRelease(env: NodeJS.ProcessEnv): OfficialRelease | undefined {
  const system = systems[process.platform];
  const architecture = architectures[process.arch];
  if (system === undefined || architecture === undefined) return undefined;
  const base = (env.SWITCHYARD_PULUMI_DOWNLOAD_URL || officialBaseUrl).replace(/\/+$/, "");
  const archiveName = `pulumi-v${pulumiVersion}-${system}-${architecture}.tar.gz`;
  return {
    archiveName,
    archiveUrl: `${base}/${archiveName}`,
    checksumsUrl: `${base}/pulumi-${pulumiVersion}-checksums.txt`,
  };
}
