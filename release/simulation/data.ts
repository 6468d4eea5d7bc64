import type { BackupProof, DataAdapter } from "../data/data-adapter";
import { UserError } from "../user-error";
import type { SimulatedProcess } from "./process";
import type { World } from "./world";

/** A store of data whose Jobs take their time. What was made is found again under its name. */
export function simulatedStore(store: string, process: SimulatedProcess, world: World): DataAdapter {
  const change = <Result>(what: string, effect: () => Result) =>
    world.change(`${what} of ${store}`, process, effect);
  const take = async (least: number, most: number) => {
    const seconds = world.random.between(least, most);
    await process.wait(seconds * 1000);
    return seconds;
  };
  return {
    async backup({ recordedAs }) {
      const known = world.backups.get(recordedAs);
      if (known?.store === store) return known;
      await take(30, 300);
      const backup = { store, recordedAs, at: world.clock.now().toISOString(), bytes: 1 };
      await change("backup", () => world.backups.set(recordedAs, backup));
      return backup;
    },
    async prove(backup, by): Promise<BackupProof> {
      if (!world.backups.has(backup.recordedAs))
        throw new UserError(`there is no backup ${backup.recordedAs}`);
      const seconds = await take(30, 300);
      await change("proof", () => world.invariants.backupProven(store));
      return { by, seconds };
    },
    async migrate({ task, direction }) {
      const names = world.plan.manifest.migration?.names ?? [];
      const seconds = await take(5, 120);
      const reads = direction === "verify" || direction === "maintain";
      const migrated = world.migrated.get(store);
      if (!reads && migrated !== direction) {
        await change(`migration ${direction} by ${task}`, () => {
          world.migrated.set(store, direction);
          world.invariants.dataChanged(store, `migrate ${direction}`, process);
        });
      }
      return { migrations: names, seconds };
    },
    async restore(_from, { confirmedBy }) {
      const seconds = await take(60, 600);
      if (confirmedBy.length === 0) throw new UserError("nobody confirmed the restore");
      await change("restore", () => world.invariants.restored(store, process));
      return { target: `${store}-restored`, switchedSecret: store, seconds };
    },
  };
}
