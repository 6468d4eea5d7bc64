import { type Colour, colours } from "../../runbooks/target";
import { mapAt, optional } from "../read";
import type { DeclaredResource, Properties } from "../resource";
import type { SystemView } from "../stack-view";

/** Type token of what guards the traffic of a system. */
export const trackType = "switchyard:index:Track";

/** Kinds of track whose sides are colours. */
const colourKinds: ReadonlySet<unknown> = new Set(["selector", "gateway"]);

/** Tracks of a system whose sides are colours. */
export function colourTracksOf(view: SystemView): readonly DeclaredResource[] {
  return view.ofType(trackType).filter((track) => colourKinds.has(optional(track, "target.kind")));
}

/** Release key of every colour that a track has a block for. */
export function sidesOf(track: DeclaredResource): Properties {
  return mapAt(track, "sides");
}

/** Colours that a system declares: those with a block in the stack file, as its tracks are told. */
export function declaredColours(view: SystemView): readonly Colour[] {
  const declared = new Set(colourTracksOf(view).flatMap((track) => Object.keys(sidesOf(track))));
  return colours.filter((colour) => declared.has(colour));
}

/** The object of a type and name in a system. */
export function objectNamed(view: SystemView, type: string, name: string): DeclaredResource | undefined {
  return view.ofType(type).find((object) => optional(object, "metadata.name") === name);
}
