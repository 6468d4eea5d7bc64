import type { Surroundings } from "../../release/clients/surroundings";
import type { Clock } from "../../release/engine/clock";
import type { HeldLease } from "../../release/journal/journal";
import type { ManifestComponent } from "../../release/plan/manifest";
import type { Plan } from "../../release/plan/plan";
import type { Strategy } from "../../release/strategies/strategy";
import { strategyOf } from "../../release/strategies/strategy-of";
import { versionProofOf } from "../../release/strategies/version-proof";
import { productionSide } from "../../release/targets/sides";

export interface StrategiesArgs {
  readonly plan: Plan;
  readonly release: string;
  /** When it began, as its journal says, and whether its traffic has gone back. */
  readonly startedAt: string;
  readonly wentBack: boolean;
  readonly lease: HeldLease;
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  /** Whether it is taken back after its end, since which nothing has kept the former side. @default false */
  readonly takenBack?: boolean;
  /** Kept artefacts of the version before, by component. */
  readonly previous: Readonly<Record<string, ManifestComponent>>;
}

/** How each track of a plan is released, by its name; every write asks the lease first. */
export function strategiesOf(args: StrategiesArgs): ReadonlyMap<string, Strategy> {
  const {
    plan,
    release,
    startedAt,
    wentBack,
    lease,
    surroundings,
    clock,
    takenBack = false,
    previous,
  } = args;
  const { facts, manifest, from, fromKeys, to } = plan;
  const proof = versionProofOf(Object.values(plan.entries), facts.hosts, facts.tracks.length);
  return new Map(
    facts.tracks.map(({ name, target, components }) => {
      const own = <T>(all: Readonly<Record<string, T>>) =>
        Object.fromEntries(Object.entries(all).filter(([component]) => components.includes(component)));
      const sides = {
        release,
        system: plan.system,
        candidate: to.sides[name] ?? productionSide,
        live: from.sides[name] ?? productionSide,
        version: manifest.version,
        startedAt: new Date(startedAt),
        wentBack,
        ...(from.version !== undefined && { liveVersion: from.version }),
        ...(takenBack && fromKeys?.[name] !== undefined && { liveKey: fromKeys[name] }),
        components: own(manifest.components),
        previous: own(previous),
      };
      const options = { clock, epoch: lease.epoch, ...(proof !== undefined && { proof }) };
      return [name, strategyOf(target, sides, surroundings, () => lease.check(), options)] as const;
    }),
  );
}
