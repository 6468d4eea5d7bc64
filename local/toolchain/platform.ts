/** `linux-x64` and the like: part of cache keys and archive names. */
export function platformName(): string {
  return `${process.platform}-${process.arch}`;
}

const goSystems: Partial<Record<NodeJS.Platform, string>> = { linux: "linux", darwin: "darwin" };
const goArchitectures: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", arm64: "arm64" };

/** This machine in the words of Go and Kubernetes: `linux`, `amd64`; undefined for others than those built for. */
export function goPlatform(): { readonly system: string; readonly architecture: string } | undefined {
  const system = goSystems[process.platform];
  const architecture = goArchitectures[process.arch];
  return system === undefined || architecture === undefined ? undefined : { system, architecture };
}
