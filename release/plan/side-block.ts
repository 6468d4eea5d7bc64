import type { SideBlock } from "../../runbooks/sides";
import type { Manifest } from "./manifest";

/** The block of a colour that runs a manifest, as the stack file has it: what its release key is the digest of. */
export function sideBlockOf({ version, components, config }: Manifest): SideBlock {
  const images = Object.entries(components).flatMap(([name, component]) =>
    "image" in component ? [[name, component.image] as const] : [],
  );
  return {
    version,
    images: Object.fromEntries(images),
    ...(config !== undefined && Object.keys(config).length > 0 && { config }),
  };
}
