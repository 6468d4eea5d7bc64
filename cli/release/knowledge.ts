import { Calendar, windowsOf } from "../../release/calendar/calendar";
import { stateOf } from "../../release/engine/state";
import type { OutsideKnowledge } from "../../release/engine/view";
import type { StackKnowledge } from "../../release/gates/engine-view";
import type { JournalStore } from "../../release/journal/journal";
import { plannedMove } from "../../release/plan/calendar-refusals";
import type { Plan } from "../../release/plan/plan";
import { changesWords, foreignChanges, ownChanges } from "../../release/plan/stack-changes";
import { UserError } from "../../release/user-error";
import { missingFacts } from "../../runbooks/asked-facts";
import { recordedState } from "../check/recorded-state";
import type { CommandContext } from "../context";
import { readRecords } from "../records/chain";
import { recordPolicy } from "../records/record-keeper";
import { broughtBy } from "./commits";
import { openFollowUps, openPostMortems } from "./earlier-releases";
import { liveResources } from "./live-resources";
import { factsIn, type LoadedSystem } from "./load-release";
import { previewOf, stackChangesOf } from "./stack-preview";

const newest = 20;

export interface KnowledgeArgs {
  readonly context: CommandContext;
  readonly release: LoadedSystem;
  readonly releaseId: string;
  readonly plan: Plan;
  readonly store: JournalStore;
}

/** What a release is told of its stack, its calendar and the releases before it. */
export function knowledgeOf({ context, release, releaseId, plan, store }: KnowledgeArgs): OutsideKnowledge {
  const { contract, settings } = release;
  return {
    lease: () => store.lease(contract.system),
    openPostMortems: () => openPostMortems(store, contract, releaseId),
    openFollowUps: () => openFollowUps(store, contract.system, releaseId, new Date()),
    stack: () => stackKnowledge(context, release),
    liveResources: () => liveResources(context, release),
    async change() {
      const { manifest, stack } = plan;
      if (stack !== undefined)
        return {
          minimal: foreignChanges(stack).length === 0,
          seen: `nothing is deployed; ${changesWords(stack.changes, stack.changes.length)}`,
        };
      const folder = context.workspace.root;
      const brought = await broughtBy({ store, system: contract.system, releaseId, manifest, folder });
      const { before, commits, why } = brought;
      if (commits === undefined)
        throw new UserError(`nobody can tell which commits ${manifest.version} brings: ${why}`, {
          mend: "name the commit in the manifest, and run the release in a checkout that has it and the one before",
        });
      const changed = Object.entries(manifest.components)
        .filter(([name, component]) => JSON.stringify(before?.components[name]) !== JSON.stringify(component))
        .map(([name]) => name);
      const config = JSON.stringify(before?.config ?? {}) !== JSON.stringify(manifest.config ?? {});
      const seen = [
        `changes ${changed.join(", ") || "nothing"}`,
        manifest.migration === undefined ? "no migration" : "a migration",
        config ? "other configuration" : "the same configuration",
        `commits since ${before?.version}: ${commits.join("; ") || "none"}`,
      ].join(", ");
      return { minimal: changed.length <= 1 && manifest.migration === undefined && !config, seen };
    },
    async window() {
      const windows = windowsOf(Object.values(plan.entries));
      const { done } = stateOf(await store.open(contract.system, releaseId).read());
      const span = plannedMove(plan, done, new Date());
      const { refusals } = new Calendar(windows, settings.days).judge(span, []);
      const closed =
        refusals.map(({ entry, why }) => `${entry}: ${why}`).join("; ") || "no window is closed then";
      return {
        open: refusals.length === 0,
        seen: `what moves is planned from ${span.from.toISOString()} to ${span.to.toISOString()}: ${closed}`,
      };
    },
  };
}

async function stackKnowledge(
  context: CommandContext,
  { stack, contract, environment }: LoadedSystem,
): Promise<StackKnowledge> {
  const { workspace, signal } = context;
  const { system } = contract;
  const entries = contract.entries.filter(({ on }) => on.includes(environment));
  const records = await readRecords(
    recordPolicy({ workspace, stack, user: process.env }).place,
    stack,
    newest,
  );
  const [last] = records
    .flatMap(({ record }) => (record === undefined ? [] : [record.predicate]))
    .filter(({ result }) => result !== "begun")
    .sort((left, right) => right.startedAt.localeCompare(left.startedAt));
  const pending = stackChangesOf(await previewOf({ root: workspace.root, stack, signal }), system);
  return {
    ...(last !== undefined && {
      lastUpdate: { succeeded: last.result === "succeeded", at: last.endedAt ?? last.startedAt },
    }),
    changes: pending.digest,
    wouldChange: ownChanges(pending).map(({ urn }) => urn),
    // As they are recorded now: an update of the stack in the release may have changed them.
    missingOutputs: missingFacts(entries, factsIn(await recordedState(context, stack), contract, stack)),
  };
}
