import { type Colour, colours } from "../../runbooks/target";
import { mapAt, optional, requiredText } from "../read";
import type { DeclaredResource, Properties } from "../resource";
import type { SystemView } from "../stack-view";

/** Type token of what guards the traffic of a system. */
export const trackType = "switchyard:index:Track";

/** Kinds of track whose sides are colours. */
const colourKinds: ReadonlySet<unknown> = new Set(["selector", "gateway"]);

/** Tracks of a system, or of a whole stack, whose sides are colours. */
export function colourTracksOf(view: Pick<SystemView, "ofType">): readonly DeclaredResource[] {
  return view.ofType(trackType).filter((track) => colourKinds.has(optional(track, "target.kind")));
}

/** Those among them whose objects are in one namespace. */
export function colourTracksIn(
  view: Pick<SystemView, "ofType">,
  namespace: string,
): readonly DeclaredResource[] {
  return colourTracksOf(view).filter((track) => requiredText(track, "target.namespace") === namespace);
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
