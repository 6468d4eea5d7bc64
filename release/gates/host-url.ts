import type { ReleaseFacts } from "../../runbooks/release-facts";
import { type Colour, colours } from "../../runbooks/target";
import { UserError } from "../user-error";
import type { GateContext } from "./gate-provider";

type Sides = GateContext["candidate"];

/**
 * Address of a host by its name in the facts; of one that each colour has, the candidate's.
 *
 * @throws UserError when the stack tells of no such host, or no colour can be chosen
 */
export function hostUrl(name: string, path: string, context: Pick<GateContext, "facts" | "candidate">): URL {
  const host = context.facts.hosts[name];
  if (host === undefined) {
    throw new UserError(
      `the stack's output release names no host ${name}; it has ${Object.keys(context.facts.hosts).join(", ")}`,
      { mend: "update the stack: npx switchyard up" },
    );
  }
  const base = "url" in host ? host.url : host.bySide[colourOf(context.candidate, context.facts)];
  return new URL(path, base);
}

/**
 * The colour that a name in a query or a host stands for: the one that all tracks with colours have.
 *
 * @param sides side by track
 * @throws UserError when no track has colours, or they differ
 */
export function colourOf(sides: Sides, { tracks }: Pick<ReleaseFacts, "tracks">): Colour {
  const found = new Set(
    tracks.map(({ name }) => sides[name]).filter((side): side is Colour => colours.includes(side as Colour)),
  );
  const [colour, ...others] = found;
  if (colour === undefined) throw new UserError("no track of the system has colours");
  if (others.length === 0) return colour;
  const said = tracks.map(({ name }) => `${name} ${sides[name] ?? "none"}`).join(", ");
  throw new UserError(`the tracks are on different colours (${said}), so that no one side can be asked`, {
    mend: "bring all tracks to the same colour first: npx switchyard release status",
  });
}
