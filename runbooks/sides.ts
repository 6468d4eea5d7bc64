import { jsonDigest } from "./digest";
import { type Colour, colours } from "./target";

/** What is deployed on one colour of a system: the block of the stack file that `release prepare` writes. */
export interface SideBlock<Component extends string = string> {
  /** Readable version, such as `1.4.2`. */
  readonly version: string;
  /** Image by component, `REGISTRY/REPOSITORY@sha256:…`. */
  readonly images: Readonly<Record<Component, string>>;
  /** Plain values of environment variables that are this side's own, by component; they win over the contract's. */
  readonly config?: Readonly<Partial<Record<Component, Readonly<Record<string, string>>>>>;
}

/** Sides by colour. A colour without a block is not rendered, one with a block is rendered whole. */
export type Sides<Component extends string = string> = Readonly<
  Partial<Record<Colour, SideBlock<Component>>>
>;

/** Annotation of a Deployment and of its pods: which block they were made from. */
export const releaseKeyAnnotation = "switchyard.dev/release-key";
/** Annotation of a Deployment and of its pods: the version as the block has it. */
export const versionAnnotation = "switchyard.dev/version";

/**
 * Digest of a side's block, `sha256:` and 64 hexadecimal digits. Two blocks that say the same have the same key, in
 * whatever order their keys stand.
 */
export function releaseKey(block: SideBlock): string {
  return jsonDigest(block);
}

/** Release key of each declared colour: what a `Track` is told. */
export function releaseKeys(sides: Sides): Partial<Record<Colour, string>> {
  return Object.fromEntries(declaredColours(sides).map((colour) => [colour, releaseKey(sides[colour]!)]));
}

/** Colours that have a block, blue first. */
export function declaredColours(sides: Sides): readonly Colour[] {
  return colours.filter((colour) => sides[colour] !== undefined);
}
