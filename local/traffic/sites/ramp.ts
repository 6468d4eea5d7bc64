import type { Site } from "../azure/sites";

export const routingCookie = "x-ms-routing-name";
/** How long App Service keeps a client on the side that it drew (Microsoft Learn, "Set up staging environments"). */
const stickySeconds = 3600;
/** What production is called in cookie and query. */
const self = "self";

export interface Drawn {
  /** Name of the slot, or `self`. */
  readonly name: string;
  /** Value of a `set-cookie` header; only where something was drawn or asked for. */
  readonly cookie?: string;
}

/**
 * Which side of a site gets a request. A client that has a cookie stays where it was sent, for an hour and whatever has
 * become of the rule; `?x-ms-routing-name=` chooses by hand.
 *
 * @param random from 0 to 1
 */
export function drawSide(
  site: Site,
  cookies: string | undefined,
  query: string,
  random: () => number,
): Drawn {
  const asked = new URLSearchParams(query).get(routingCookie);
  if (asked !== null) return { name: asked, cookie: cookieOf(asked) };
  const sticky = cookieIn(cookies);
  if (sticky !== undefined) return { name: sticky };
  const rules = site.rampRules.filter(({ percent }) => percent > 0);
  if (rules.length === 0) return { name: self };
  let point = random() * 100;
  for (const { name, percent } of rules) {
    if (point < percent) return { name, cookie: cookieOf(name) };
    point -= percent;
  }
  return { name: self, cookie: cookieOf(self) };
}

/** The slot that a drawn name means; undefined for production, and for a name that means nothing any more. */
export function slotNamed(
  site: Site,
  name: string,
  slotByName: (name: string) => Site | undefined,
): Site | undefined {
  if (name === self) return undefined;
  const rule = site.rampRules.find((candidate) => candidate.name === name);
  // A rule names the slot by host; its own name may be any.
  const label = rule?.host.split(".")[0];
  const prefix = `${site.name.toLowerCase()}-`;
  const slot = label?.startsWith(prefix) ? label.slice(prefix.length) : name;
  return slotByName(slot);
}

function cookieIn(header: string | undefined): string | undefined {
  for (const part of header?.split(";") ?? []) {
    const [name, value] = part.trim().split("=", 2);
    if (name === routingCookie && value) return value;
  }
  return undefined;
}

function cookieOf(name: string): string {
  return `${routingCookie}=${encodeURIComponent(name)}; Path=/; Max-Age=${stickySeconds}; HttpOnly; Secure; SameSite=None`;
}
