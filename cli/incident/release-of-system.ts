import { type ReleaseState, stateOf } from "../../release/engine/state";
import type { ReleaseKnowledge } from "../../release/incident/diagnose";
import type { JournalStore } from "../../release/journal/journal";
import { versionWords } from "../../release/plan/plan-sides";
import type { WriteGuard } from "../../release/strategies/strategy";
import { UserError } from "../../release/user-error";
import { earlierReleases } from "../release/earlier-releases";

/** The newest release of a system as an incident sees it. */
export interface ReleaseOfSystem {
  readonly newest?: ReleaseState;
  /** Process that runs it; undefined for one that waits, has ended, or whose process is gone. */
  readonly runner?: string;
}

export async function releaseOfSystem(store: JournalStore, system: string): Promise<ReleaseOfSystem> {
  const id = (await store.releases(system)).at(-1);
  if (id === undefined) return {};
  const newest = stateOf(await store.open(system, id).read());
  const runner = await runnerOf(store, system);
  return { newest, ...(runner !== undefined && { runner: runner.holder }) };
}

/** Whether it could still be taken up or taken back. */
export function isUnfinished({ newest }: ReleaseOfSystem): boolean {
  return newest !== undefined && newest.ended === undefined;
}

/** Whether its version serves, and may be taken back: a stack goes back by people. Whether the side before is still there, its own command looks. */
export function isLive({ newest }: ReleaseOfSystem): boolean {
  return newest?.ended?.outcome === "finished" && newest.plan.stack === undefined;
}

export function releaseWords({ newest, runner }: ReleaseOfSystem): string {
  if (newest === undefined) return "no release of it is known here";
  const { release, plan, phase, ended, held } = newest;
  const version = versionWords(plan);
  if (ended !== undefined)
    return `release ${release} (${version}) ended ${ended.at}: ${ended.outcome}, ${ended.why}`;
  const where = held === undefined ? (phase ?? "prepare") : `on hold: ${held.why}`;
  return `release ${release} (${version}) is under way, ${where}, ${runner === undefined ? "no process runs it" : `run by ${runner}`}`;
}

/** Asked before every write of an incident to what serves: a release that runs is the only one who moves it. */
export function guardAgainstRelease(store: JournalStore, system: string, on: string): WriteGuard {
  return async () => {
    const runner = await runnerOf(store, system);
    if (runner === undefined) return;
    throw new UserError(
      `release ${runner.release} of ${system} is run by ${runner.holder}: an incident does not touch what it moves`,
      {
        mend: `all traffic back: switchyard release rollback ${system} --reason TEXT${on}; or switchyard release hold ${system} --reason TEXT${on}, and wait until it has ended`,
      },
    );
  };
}

/** What the journals of a system's releases say to somebody who looks into an incident. */
export function knowledgeOfReleases(store: JournalStore, system: string): ReleaseKnowledge {
  const states = () => earlierReleases(store, system);
  return {
    status: async () => releaseWords(await releaseOfSystem(store, system)),
    async history() {
      const lines = (await states()).map(
        ({ startedAt, plan, ended, rollback }) =>
          `${startedAt} ${versionWords(plan)}: ${ended?.outcome ?? "unfinished"}${rollback === undefined ? "" : `, ${rollback.why}`}`,
      );
      return lines.length === 0 ? "no release is known here" : lines.join("\n");
    },
    async backups() {
      const lines = (await states()).flatMap(({ done }) =>
        [...done.values()].flatMap(({ seen, at }) => {
          const { backup, proof } = (seen ?? {}) as {
            backup?: { store: string; recordedAs: string };
            proof?: unknown;
          };
          return backup === undefined
            ? []
            : [
                `${at} ${backup.recordedAs} of ${backup.store}${proof === undefined ? ", not proven" : ", proven"}`,
              ];
        }),
      );
      return lines.length === 0 ? "no release recorded a backup" : lines.join("\n");
    },
    async step(entry) {
      for (const { plan, done, release } of await states()) {
        const steps = [...plan.steps, ...plan.rollback].filter((step) => step.entry === entry);
        const seen = steps.flatMap(({ id }) => done.get(id) ?? []).at(-1);
        if (seen !== undefined) return `${seen.at} release ${release}: ${JSON.stringify(seen.seen)}`;
      }
      return `no release has come to ${entry}`;
    },
  };
}

async function runnerOf(
  store: JournalStore,
  system: string,
): Promise<{ readonly release: string; readonly holder: string } | undefined> {
  const lease = await store.lease(system);
  return lease !== undefined && Date.parse(lease.expiresAt) > Date.now() ? lease : undefined;
}
