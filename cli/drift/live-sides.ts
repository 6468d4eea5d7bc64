import type { Outside } from "../../release/clients/world";
import { World } from "../../release/clients/world";
import { describeTarget, sidesOf } from "../../release/targets/sides";
import { liveSide, type Sighting } from "../../release/targets/sighting";
import { parseTrack, type TrackInputs } from "../../release/targets/target-input";
import { bounded } from "./bounded";
import type { Finding, RecordedResource } from "./finding";
import { Patience } from "./unreachable";

export interface LiveSides {
  /** A line per track: where the traffic goes, which is never drift. */
  readonly lines: readonly { readonly message: string; readonly urn: string }[];
  readonly findings: readonly Finding[];
}

const atOnce = 4;

/** What every track sees: which side is live and how the traffic is shared. */
export async function lookAtSides(
  tracks: readonly RecordedResource[],
  outside: Outside,
  signal: AbortSignal,
): Promise<LiveSides> {
  const world = new World(outside, signal);
  const patience = new Patience();
  const seen = await bounded(tracks, atOnce, async (resource) => {
    const { urn, type } = resource;
    const common = { urn, type, changes: [] } as const;
    const parsed = parseTrack(resource.inputs);
    if ("faults" in parsed) {
      const [fault] = parsed.faults;
      return finding(common, resource, "undecided", `recorded target: ${fault?.path}: ${fault?.reason}`);
    }
    const asked = await patience.ask(() => world.look(parsed.value.target));
    if ("reason" in asked) return finding(common, resource, "undecided", asked.reason);
    if (!asked.value.exists)
      return finding(common, resource, "missing", asked.value.reason ?? "nothing carries the traffic");
    const line = { message: lineOf(parsed.value, asked.value), urn };
    return { line, ...finding(common, resource, "same") };
  });
  return {
    lines: seen.flatMap((one) => ("line" in one ? [one.line] : [])),
    findings: seen.map(({ finding: found }) => found),
  };
}

function finding(
  common: Pick<Finding, "urn" | "type" | "changes">,
  { inputs }: RecordedResource,
  state: Finding["state"],
  ...remarks: string[]
): { readonly finding: Finding } {
  const target = inputs.target as { readonly kind?: string } | undefined;
  const check = target?.kind === "selector" || target?.kind === "gateway" ? "kubernetes" : "azure";
  return { finding: { ...common, check, state, remarks } };
}

/** `kirana-store (HTTPRoute kirana-store/store): live side green, blue 30 %, green 70 %`. */
function lineOf({ system, target }: TrackInputs, sighting: Sighting): string {
  const shares = sidesOf(target)
    .filter((side) => sighting.traffic[side] !== undefined)
    .map((side) => `${side} ${sighting.traffic[side]} %`);
  const kept = sighting.retained
    ? `; ${sighting.retained.side} is kept for a rollback by release ${sighting.retained.release}`
    : "";
  return `${system} (${describeTarget(target)}): live side ${liveSide(target, sighting)}, ${shares.join(", ")}${kept}`;
}
