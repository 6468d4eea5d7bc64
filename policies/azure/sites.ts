import { judgeEach } from "../decide";
import { requiredText } from "../read";
import type { DeclaredResource } from "../resource";
import type { StackView, SystemView } from "../stack-view";
import { type Finding, type Judgement, judged, notApplicable } from "../verdict";
import { azure } from "./types";

type View = Pick<StackView, "ofType"> | Pick<SystemView, "ofType">;

/** A site, or a slot of it, as the resources around it name it: `site` or `site/slot`, in lower case. */
export function sideOf(resource: DeclaredResource): string {
  const site = requiredText(resource, "name").toLowerCase();
  if (!slotTypes.has(resource.type)) return site;
  const slot = requiredText(resource, "slot").toLowerCase();
  return `${site}/${slot.slice(slot.lastIndexOf("/") + 1)}`;
}

/** Types whose `slot` input names a slot. */
const slotTypes: ReadonlySet<string> = new Set([
  azure.slot,
  azure.slotSettings,
  azure.slotFtpAllowed,
  azure.slotScmAllowed,
]);

/** Sites and slots of a view. */
export function sidesIn(view: View): readonly DeclaredResource[] {
  return view.ofType(azure.site, azure.slot);
}

/** Judges each site and slot of a stack; a stack without any is not judged. */
export function judgeEachSide(
  stack: StackView,
  about: (side: DeclaredResource) => readonly Finding[],
): Judgement {
  const sides = sidesIn(stack);
  if (sides.length === 0) return notApplicable("the stack has no site");
  return judged(judgeEach(sides, (side) => side.urn, about));
}

/** The resources of some types that belong to a site or slot. */
export function besideSide(
  view: View,
  side: DeclaredResource,
  ...types: readonly string[]
): readonly DeclaredResource[] {
  const wanted = sideOf(side);
  return view.ofType(...types).filter((resource) => sideOf(resource) === wanted);
}
