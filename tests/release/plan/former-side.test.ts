import assert from "node:assert/strict";
import { type AfterTheEnd, againstGoingBack } from "../../../release/plan/former-side";
import type { Manifest, ManifestComponent } from "../../../release/plan/manifest";
import type { Observed, ObservedTrack } from "../../../release/plan/observed";
import { sideBlockOf } from "../../../release/plan/side-block";
import type { SystemName } from "../../../runbooks/model";
import { releaseKey } from "../../../runbooks/sides";
import { candidateVersion, factsOf, liveVersion, manifestOf, planOf, questionOf } from "./support/questions";

const formerKey = `sha256:${"0".repeat(64)}`;
const other = `sha256:${"9".repeat(64)}`;

/** A system as its finished release left it, and what is seen of it later: each track as a test wants it. */
function seenOf(
  system: SystemName,
  change: (track: ObservedTrack, kind: string) => Partial<ObservedTrack> = () => ({}),
  more: Partial<AfterTheEnd> & { readonly manifest?: Manifest } = {},
): AfterTheEnd {
  const manifest = more.manifest ?? manifestOf(system);
  const plan = planOf(questionOf(system, { manifest, environment: "dev" }));
  const observed: Observed = Object.fromEntries(
    plan.facts.tracks.map(({ name, target }) => {
      const usual: ObservedTrack =
        "components" in target
          ? {
              exists: true,
              live: "green",
              idle: "blue",
              traffic: { blue: 0, green: 100 },
              keys: { blue: formerKey, green: releaseKey(sideBlockOf(manifest)) },
              versions: { blue: liveVersion, green: candidateVersion },
            }
          : {
              exists: true,
              live: "production",
              traffic: { production: 100, ...(target.kind === "slots" && { [target.slot]: 0 }) },
              keys: {},
              versions: {
                production: candidateVersion,
                ...(target.kind === "slots" && { [target.slot]: liveVersion }),
              },
            };
      return [name, { ...usual, ...change(usual, target.kind) }] as const;
    }),
  );
  const previous: Readonly<Record<string, ManifestComponent>> = manifest.components;
  const previousVersions = Object.fromEntries(Object.keys(previous).map((name) => [name, liveVersion]));
  return { plan, facts: plan.facts, observed, previous, previousVersions, ...more };
}

describe("the side that a finished release left", () => {
  it("is there as long as it is what it was, pods or not, and the new one has all of the traffic", () => {
    for (const system of [
      "kirana-inventory",
      "tesoro-xp",
      "kirana-store",
      "retail-agentic",
      "case-management",
    ] as const)
      assert.deepEqual(againstGoingBack(seenOf(system)), [], system);
  });

  it("is known by its key, which the plan keeps; of an older plan by the version that the stack's file has", () => {
    const declaredAnew = seenOf("retail-agentic", ({ keys }) => ({ keys: { ...keys, blue: other } }));
    assert.equal(againstGoingBack(declaredAnew).length, 3);
    assert.match(
      againstGoingBack(declaredAnew)[0]!,
      /Service shop\/retail-backend: blue does not hold 1\.0\.0 any more/,
    );
    const { fromKeys, ...older } = declaredAnew.plan;
    assert.deepEqual(Object.values(fromKeys ?? {}), [formerKey, formerKey, formerKey]);
    assert.deepEqual(againstGoingBack({ ...declaredAnew, plan: older }), []);
    const unknown = seenOf("retail-agentic", () => ({ versions: {} }));
    assert.equal(againstGoingBack({ ...unknown, plan: older }).length, 3);
    const inPart = seenOf("kirana-store", ({ keys }) => ({ keys: { green: keys.green! } }));
    assert.match(againstGoingBack(inPart)[0]!, /blue does not hold 1\.0\.0 any more: 1\.0\.0|nothing whole/);
  });

  for (const [what, change, said] of [
    ["shared", { traffic: { blue: 30, green: 70 } }, /green has 70 % of the traffic, not all/],
    ["back already", { traffic: { blue: 100, green: 0 } }, /green has 0 % of the traffic, not all/],
    ["another release's", { retainedBy: "r-9" }, /release r-9 keeps a side of it/],
    ["of another version", { keys: { blue: formerKey, green: other } }, /green does not hold 1\.0\.1/],
    ["gone", { exists: false, reason: "there is no Service" }, /there is no Service/],
  ] as const) {
    it(`is no way back on the cluster when what is live is ${what}`, () => {
      const [fault] = againstGoingBack(seenOf("case-management", () => change));
      assert.match(fault ?? "", said);
    });
  }

  it("is proven by the slot itself; a production that fails need not say which version it is", () => {
    const slot = (versions: Record<string, string>, share = 0) =>
      againstGoingBack(
        seenOf("tesoro-xp", () => ({ versions, traffic: { production: 100 - share, blue: share } })),
      );
    assert.deepEqual(slot({ blue: liveVersion }), []);
    assert.match(slot({ production: candidateVersion })[0]!, /blue does not answer 1\.0\.0: nothing whole/);
    assert.match(
      slot({ production: candidateVersion, blue: "1.0.2" })[0]!,
      /blue does not answer 1\.0\.0: 1\.0\.2/,
    );
    assert.match(
      slot({ production: liveVersion, blue: candidateVersion })[0]!,
      /production answers 1\.0\.0, not 1\.0\.1/,
    );
    assert.match(
      slot({ production: candidateVersion, blue: liveVersion }, 10)[0]!,
      /blue has 10 % of the traffic/,
    );
  });

  it("is the kept package of a site that has one side", () => {
    const without = againstGoingBack({ ...seenOf("kirana-inventory"), previous: {} });
    assert.match(without[0]!, /static site webapp: no package of 1\.0\.0 is kept for frontend/);
    const usual = seenOf("kirana-inventory");
    const another = againstGoingBack({ ...usual, previousVersions: { frontend: "0.9.0" } });
    assert.match(another[0]!, /webapp: no package of 1\.0\.0 is kept for frontend, but of 0\.9\.0$/);
    const later = seenOf("kirana-inventory", (_, kind) =>
      kind === "staticSite" ? { versions: { production: "1.0.2" } } : {},
    );
    assert.match(againstGoingBack(later)[0]!, /it answers 1\.0\.2, not 1\.0\.1/);
  });

  it("cannot work any more after a destructive migration, nor where the stack has moved the track", () => {
    const usual = seenOf("tesoro-xp");
    const migration = { names: ["drop-points"], kind: "destructive" as const };
    const types = [...usual.plan.types, "migration"] as const;
    const plan = { ...usual.plan, types, manifest: { ...usual.plan.manifest, migration } };
    assert.match(againstGoingBack({ ...usual, plan })[0]!, /drop-points took away what 1\.0\.0 needs/);
    const facts = { ...factsOf("tesoro-xp"), tracks: factsOf("kirana-inventory").tracks };
    assert.match(againstGoingBack({ ...usual, facts })[0]!, /track app elsewhere, or not any more/);
  });
});
