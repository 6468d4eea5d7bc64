import { colours, type Target } from "../../runbooks/target";

export type { Colour, Target } from "../../runbooks/target";

/** The side of a site that everybody's requests go to, by Azure's own word. */
export const productionSide = "production";

/** Names of a target's sides, the one of an untouched system first. */
export function sidesOf(target: Target): readonly string[] {
  switch (target.kind) {
    case "selector":
    case "gateway":
      return colours;
    case "slots":
      return [productionSide, target.slot];
    case "staticSite":
      return [productionSide];
  }
}

/** @returns undefined for a static site, which has one side */
export function otherSide(target: Target, side: string): string | undefined {
  return sidesOf(target).find((candidate) => candidate !== side);
}

/** What decides the traffic, in the words of a message: `Service shop/web`. */
export function describeTarget(target: Target): string {
  switch (target.kind) {
    case "selector":
      return `Service ${target.namespace}/${target.service}`;
    case "gateway":
      return `HTTPRoute ${target.namespace}/${target.route}`;
    case "slots":
      return `site ${nameOf(target.siteId)} with slot ${target.slot}`;
    case "staticSite":
      return `static site ${nameOf(target.siteId)}`;
  }
}

/** What tells one target from every other; a track keeps it for life. */
export function targetId(target: Target): string {
  switch (target.kind) {
    case "selector":
      return `selector/${target.namespace}/${target.service}`;
    case "gateway":
      return `gateway/${target.namespace}/${target.route}`;
    case "slots":
      return `slots${target.siteId}/slots/${target.slot}`;
    case "staticSite":
      return `staticSite${target.siteId}`;
  }
}

function nameOf(armId: string): string {
  return armId.split("/").at(-1)!;
}
