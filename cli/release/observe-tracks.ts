import type { Surroundings } from "../../release/clients/surroundings";
import type { Observed, ObservedTrack } from "../../release/plan/observed";
import { preflightOf } from "../../release/plan/swap-preflight";
import { SlotSite } from "../../release/strategies/slots/site";
import { type VersionQuestion, versionAt, versionProofOf } from "../../release/strategies/version-proof";
import { podsOf } from "../../release/targets/idle-pods";
import { mapAt } from "../../release/targets/json";
import { productionSide } from "../../release/targets/sides";
import { deployed, observationOf } from "../../release/targets/sighting";
import { UserError } from "../../release/user-error";
import type { ReleaseFacts, TrackFacts } from "../../runbooks/release-facts";
import { declaredColours, releaseKey, type Sides } from "../../runbooks/sides";
import type { StaticSiteTarget } from "../../runbooks/target";
import type { Contract } from "../../runbooks/vocabulary";

const webApiVersion = "2025-05-01";
/** What a build of a static site writes beside its pages. */
const staticSiteQuestion: VersionQuestion = { path: "/version.json", jsonPath: "version" };

/**
 * Where every track of a system stands: which side is live, what each holds and, where somebody can tell, of which
 * version it is. Sides on the cluster are told by their release keys, sites by asking them.
 *
 * @throws UserError when nobody answers
 */
export async function observeTracks(
  contract: Contract,
  facts: ReleaseFacts,
  sides: Sides,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Observed> {
  const proof = versionProofOf(contract.entries, facts.hosts, facts.tracks.length);
  const seen = await Promise.all(
    facts.tracks.map(async (track) => {
      const sighting = await surroundings.world(signal).look(track.target);
      const { exists, live, idle, traffic, sides: keys, reason } = observationOf(track.target, sighting);
      const podsOnIdle = idle === undefined ? [] : podsOf(deployed(sighting, idle));
      const versions = exists ? await versionsOf(track, keys, sides, proof, surroundings, signal) : {};
      const observed: ObservedTrack = {
        exists,
        live,
        idle,
        traffic,
        keys,
        versions,
        ...(reason !== undefined && { reason }),
        ...(podsOnIdle.length > 0 && { podsOnIdle }),
        ...(sighting.retained && { retainedBy: sighting.retained.release }),
      };
      return [track.name, observed] as const;
    }),
  );
  return Object.fromEntries(seen);
}

/**
 * The same with what a swap of their slots would do to the settings. Whoever may only read resources may not read settings:
 * a plan is made without them then, and says so.
 */
export async function withSwaps(
  observed: Observed,
  { tracks }: ReleaseFacts,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Observed> {
  const seen = await Promise.all(
    Object.entries(observed).map(async ([name, track]) => {
      const target = tracks.find((one) => one.name === name)?.target;
      if (target?.kind !== "slots" || !track.exists) return [name, track] as const;
      const swap = await swapOf(new SlotSite(target, surroundings), signal);
      return [name, { ...track, swap }] as const;
    }),
  );
  return Object.fromEntries(seen);
}

async function swapOf(site: SlotSite, signal: AbortSignal): Promise<NonNullable<ObservedTrack["swap"]>> {
  try {
    return preflightOf(await site.settings(signal));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { unseen: error.message };
  }
}

async function versionsOf(
  { target }: TrackFacts,
  keys: Readonly<Record<string, string>>,
  sides: Sides,
  proof: VersionQuestion | undefined,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  switch (target.kind) {
    case "selector":
    case "gateway":
      return known(
        Object.entries(keys).map(([side, key]) => {
          const colour = declaredColours(sides).find((each) => releaseKey(sides[each]!) === key);
          return [side, colour && sides[colour]!.version];
        }),
      );
    case "slots": {
      if (proof === undefined) return {};
      const hosts = await new SlotSite(target, surroundings).hosts();
      // Without it a ramp could send the question to the slot.
      const query = "x-ms-routing-name=self";
      const [production, slot] = await Promise.all([
        versionAt(hosts.production.app, proof, surroundings, { query, signal }),
        versionAt(hosts.slot.app, proof, surroundings, { signal }),
      ]);
      return known([
        [productionSide, production],
        [target.slot, slot],
      ]);
    }
    case "staticSite": {
      const host = await staticSiteHost(target, surroundings, signal);
      const version = host && (await versionAt(host, staticSiteQuestion, surroundings, { signal }));
      return known([[productionSide, version]]);
    }
  }
}

export async function staticSiteHost(
  { siteId }: StaticSiteTarget,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<string | undefined> {
  const site = await surroundings.arm(signal).get(siteId, webApiVersion);
  const name = mapAt(site, "properties").defaultHostname;
  return typeof name === "string" ? `https://${name}` : undefined;
}

function known(versions: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(versions.filter((each): each is [string, string] => each[1] !== undefined));
}
