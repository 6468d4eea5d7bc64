import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { colourTracksOf, sidesOf } from "../../kubernetes/declared-sides";
import { describe, requiredText } from "../../read";
import { store } from "../../systems";
import { violation } from "../../verdict";

const { initial: storeInitial } = store.contract.ramp;

export const trackInitialSide = clusterRule({
  name: "track-initial-side",
  topic: "kubernetes",
  displayName: "All traffic begins at a side that is there",
  description: `A track's initial side is one that it has a block for; kirana-store's is ${storeInitial}.`,
  severity: "high",
  ids: ["STO-067", "CAS-001"],
  conflicts: [5],
  remediationSteps: "Name in `initial` the side that serves first; it is read once, when the track is made.",
  judge: ({ system }, view) =>
    judgeEach(
      colourTracksOf(view),
      ({ urn }) => urn,
      (track) => {
        const initial = requiredText(track, "initial");
        if (system === store && initial !== storeInitial)
          return [violation(track.urn, `initial must be ${storeInitial}, found ${describe(initial)}`)];
        if (initial in sidesOf(track)) return [];
        return [violation(track.urn, `initial must be a side with a block, found ${describe(initial)}`)];
      },
    ),
});
