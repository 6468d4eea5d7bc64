import { readFileSync, statfsSync, unlinkSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { FolderStore } from "../../../release/journal/folder-store";
import { LeaseLost } from "../../../release/journal/journal";
import { StoreAway } from "../../../release/journal/store-fault";
import { intent, keyPairOf, signedBy, started } from "../support/journals";

/**
 * A process that holds a lease, for tests that stop or kill it. `FOLDER KEY-FILE MODE`; says a line of JSON on stdout for
 * whatever was acknowledged to it. Modes: `busy` appends without a pause and, when the lease is lost, says that and asks
 * once more; `full` fills its file system and goes on when there is space again.
 */
async function main([folder, keyFile, mode]: readonly string[]): Promise<void> {
  const keys = keyPairOf(readFileSync(keyFile as string, "utf8"));
  const store = new FolderStore(folder as string, { ...signedBy(keys), leaseSeconds: 2 });
  const lease = await store.acquire("shop", "r-1", `process ${process.pid}`);
  const journal = store.open("shop", "r-1", lease);
  await journal.append(started("r-1"));
  say({ sequence: 0 });
  if (mode === "busy") await busy();
  else await full();

  async function busy(): Promise<void> {
    try {
      for (;;) say({ sequence: (await journal.append(intent("step"))).sequence });
    } catch (error) {
      say({ lost: error instanceof LeaseLost, message: String(error) });
    }
    const [checked, appended] = await Promise.allSettled([lease.check(), journal.append(intent("late"))]);
    say({
      afterwards: [checked, appended].map(
        (one) => one.status === "rejected" && one.reason instanceof LeaseLost,
      ),
    });
  }

  async function full(): Promise<void> {
    const filler = join(folder as string, "..", "filler");
    const { bavail, bsize } = statfsSync(folder as string);
    writeFileSync(filler, Buffer.alloc((bavail - 2) * bsize));
    let acknowledged = 1;
    let refusal: unknown;
    while (refusal === undefined && acknowledged < 1000) {
      await journal.append(intent("step")).then(
        () => acknowledged++,
        (error) => {
          refusal = error;
        },
      );
    }
    const readWhileFull = (await store.open("shop", "r-1").read()).length;
    unlinkSync(filler);
    await journal.append(intent("after"));
    const { records, fault } = await store.inspect("shop", "r-1");
    const away = refusal instanceof StoreAway;
    say({
      acknowledged,
      readWhileFull,
      away,
      message: String(refusal),
      records: records.length,
      fault: fault?.message,
    });
    await lease.giveBack();
  }
}

/** At once: what is killed next has said it. */
function say(what: object): void {
  writeSync(1, `${JSON.stringify(what)}\n`);
}

void main(process.argv.slice(2)).catch((error) => {
  say({ error: String(error) });
  process.exitCode = 1;
});
