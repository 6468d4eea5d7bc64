import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startupSnapshot } from "node:v8";
import { Diary } from "../../../release/engine/diary";
import { run } from "../../../release/engine/run";
import { begin, type Taken, takeUp } from "../../../release/engine/take-up";
import type { JournalEntry, JournalRecord } from "../../../release/journal/entry";
import { FolderStore } from "../../../release/journal/folder-store";
import type { HeldLease, Journal } from "../../../release/journal/journal";
import { LocalJournal, leaseForRollback } from "../../../release/journal/local-journal";
import { realClock } from "../../../release/journal/real-clock";
import { starter } from "../../../release/simulation/people";
import { UserError } from "../../../release/user-error";
import { keyPairOf, signedBy } from "../support/journals";
import { breakDisk, killSelf } from "./bad-disk";
import { farParts } from "./far-parts";
import { Line } from "./line";
import { failureOf, type ReleaseSpec } from "./protocol";
import { wordsOf } from "./words-of";

/**
 * Runs a release by the engine, with its journal and lease in a folder, against a world that outlives this process; put
 * together as `cli/release/release-process.ts` does.
 */
async function release(spec: ReleaseSpec): Promise<void> {
  let check = async () => {};
  const line = new Line(spec.time, () => check());
  const stop = new AbortController();
  process.on("SIGINT", () => {
    stop.abort(new UserError("Stopped by request."));
    line.awaited();
  });
  let full: "not yet" | "full" | "space again" = "not yet";
  const isFull = (entry: JournalEntry) => {
    if (full === "not yet" && spec.fullFrom === wordsOf(entry)) full = "full";
    return full === "full";
  };
  await line.working(breakDisk(spec.blow, isFull));
  const keys = keyPairOf(readFileSync(spec.keyFile, "utf8"));
  // The lease runs in real time; what is written down is of the world's.
  const clock = { ...realClock, now: line.clock.now };
  const store = new FolderStore(join(spec.folder, "releases"), { ...signedBy(keys), clock });
  const written = (record: JournalRecord) => {
    const { sequence, entry } = record;
    if (spec.blow?.how === "durable" && wordsOf(entry) === spec.blow.at) killSelf();
    line.tell({ written: { sequence, entry: entry.kind === "started" ? { ...entry, plan: null } : entry } });
  };
  try {
    const taken = await line.working(taking(store, spec));
    written(taken.record);
    let rollingBack = () => false;
    const local = new LocalJournal(store.open(spec.system, spec.release, taken.lease), {
      system: spec.system,
      release: spec.release,
      folder: join(spec.folder, "pending"),
      rollingBack: () => rollingBack(),
      clock: line.clock,
      say: (said) => line.tell({ said }),
    });
    const journal: Journal = {
      read: () => line.working(local.read()),
      async append(entry) {
        const record = await line.working(local.append(entry));
        written(record);
        return record;
      },
      reconcile() {
        full = "space again";
        return line.working(local.reconcile());
      },
    };
    const lease = working(
      leaseForRollback(taken.lease, () => rollingBack()),
      line,
    );
    check = () => lease.check();
    const diary = await Diary.open(journal, line.clock, (said) => line.tell({ said }));
    rollingBack = () => diary.rollsBack;
    const parts = farParts(line, diary.state.plan, { journal, lease });
    line.end(await run(parts, stop.signal, diary));
  } catch (error) {
    line.end({ failure: failureOf(error) });
  }
}

function taking(store: FolderStore, { system, release, holder, planFile }: ReleaseSpec): Promise<Taken> {
  if (planFile === undefined) return takeUp(store, system, holder);
  const plan = JSON.parse(readFileSync(planFile, "utf8"));
  return begin(store, { release, plan, holder, by: starter, speed: 1 });
}

function working(lease: HeldLease, line: Line): HeldLease {
  return {
    ...lease,
    check: () => line.working(lease.check()),
    giveBack: () => line.working(lease.giveBack()),
    leave: () => line.working(lease.leave()),
  };
}

/** Its last argument is a ReleaseSpec. */
function main(): void {
  void release(JSON.parse(process.argv.at(-1) as string) as ReleaseSpec);
}

// Its modules are loaded once, and every process begins with them there.
if (startupSnapshot.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(main);
else main();
