import type { Colour } from "../../runbooks/target";
import { type SettingFault, shown } from "./fault";

interface Block {
  readonly version: string;
  readonly images: Readonly<Record<string, string>>;
}

/** Faults between the blocks of a system's two colours that are each right by themselves. */
export function sidesFaults(
  system: string,
  stack: string,
  sides: Readonly<Partial<Record<Colour, Block>>> | undefined,
): readonly SettingFault[] {
  if (sides === undefined) return [];
  const { blue, green } = sides;
  if (blue === undefined && green === undefined) {
    return [
      {
        key: `${system}:sides`,
        received: shown(sides),
        allowed: "at least one colour: without any there is nothing to run",
        mend: `switchyard release prepare ${system} --to MANIFEST --stack ${stack}`,
      },
    ];
  }
  if (blue === undefined || green === undefined) return [];
  const sameImages = JSON.stringify(sorted(blue.images)) === JSON.stringify(sorted(green.images));
  // A probe of the version could not tell two versions of the same images apart, nor two images of the same version.
  if (sameImages === (blue.version === green.version)) return [];
  return [
    {
      key: `${system}:sides`,
      received: sameImages
        ? `${shown(blue.version)} and ${shown(green.version)} with the same images`
        : `${shown(blue.version)} on both sides with different images`,
      allowed: "one version for one set of images",
      mend: "give each side the version that its images were built as",
    },
  ];
}

function sorted(images: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(images).sort(([left], [right]) => (left < right ? -1 : 1));
}
