import { createHash } from "node:crypto";
import type { ReleaseFacts } from "../../../runbooks/release-facts";
import type { SideBlock } from "../../../runbooks/sides";
import type { Contract } from "../../../runbooks/vocabulary";
import type { Manifest, ManifestComponent } from "../manifest";
import type { Observed } from "../observed";
import { exampleApp } from "./example-app";
import { nextVersion } from "./example-version";

/** A package of the example: it is written where the manifest says. */
export interface ExamplePackage {
  readonly path: string;
  readonly text: string;
}

export interface Example {
  readonly manifest: Manifest;
  readonly packages: readonly ExamplePackage[];
}

export interface ExampleSources {
  readonly contract: Contract;
  readonly facts: ReleaseFacts;
  readonly observed: Observed;
  /** Block of the colour that is live; absent for a system of sites. */
  readonly live: SideBlock | undefined;
  /** Where a package of this name lies. */
  placeOf(name: string): string;
}

const firstVersion = "1.0.0";

/**
 * A release that the embedded cloud can serve, so that nobody needs a manifest to try one: the version after the live one,
 * images by made-up digests (the local cluster pulls none), packages that say what the emulated site answers. The same for
 * the same live version, so that what `prepare` declared is what `plan` expects.
 */
export function exampleRelease({ contract, facts, observed, live, placeOf }: ExampleSources): Example {
  const seen = facts.tracks.flatMap(({ name }) => {
    const track = observed[name];
    return track?.live === undefined ? [] : (track.versions[track.live] ?? []);
  });
  const before = live?.version ?? seen[0];
  const version = before === undefined ? firstVersion : nextVersion(before);
  const packages: ExamplePackage[] = [];
  const componentOf = (name: string, isImage: boolean): ManifestComponent => {
    if (isImage) return { image: exampleImage(live?.images[name] ?? `registry.invalid/${name}`, version) };
    const path = placeOf(`${contract.system}-${name}-${version}.json`);
    const text = `${JSON.stringify(exampleApp(contract, name, version), undefined, 2)}\n`;
    packages.push({ path, text });
    return { package: path, digest: digestOf(text) };
  };
  const components = facts.tracks.flatMap(({ components: names, target }) =>
    names.map((name) => [name, componentOf(name, "components" in target)] as const),
  );
  return {
    manifest: {
      system: contract.system,
      version,
      components: Object.fromEntries(components),
      ...(live?.config !== undefined && { config: plainConfig(live) }),
    },
    packages,
  };
}

/** What is configured on the live side stays so on the next one. */
function plainConfig({ config = {} }: SideBlock): Record<string, Record<string, string>> {
  return Object.fromEntries(Object.entries(config).map(([name, values]) => [name, { ...values }]));
}

function exampleImage(image: string, version: string): string {
  const repository = image.replace(/@.*$/, "");
  return `${repository}@${digestOf(`${repository} ${version}`)}`;
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
