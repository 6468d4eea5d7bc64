import assert from "node:assert/strict";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson } from "../../../attestation/canonical-json";
import { endOf, lineOf, nextRecord } from "../../../release/journal/chain";
import type { JournalRecord } from "../../../release/journal/entry";
import { FolderStore } from "../../../release/journal/folder-store";
import { HeadSigner } from "../../../release/journal/head";
import { JournalFault } from "../../../release/journal/store-fault";
import { intent, keyPair, signedBy, started } from "../support/journals";

const keys = keyPair();
const stranger = keyPair();

/** Records whose hashes are right among each other, of this text. */
function chainOf(steps: readonly string[], release = "r-1"): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (const step of ["started", ...steps]) {
    const entry = step === "started" ? started(release) : intent(step);
    records.push(nextRecord(endOf(records, release), entry, new Date("2026-11-21T12:00:00Z")));
  }
  return records;
}

interface Place {
  readonly journal: string;
  readonly heads: string;
}

interface Fault {
  readonly name: string;
  readonly break: (place: Place) => void | Promise<void>;
  readonly kind: JournalFault["kind"];
  readonly sequence: number;
  readonly says: RegExp;
}

const lines = ({ journal }: Place) => readFileSync(journal, "utf8").split("\n").slice(0, -1);
const rewrite = ({ journal }: Place, changed: readonly string[]) =>
  writeFileSync(journal, changed.map((line) => `${line}\n`).join(""));

/** Keeps the file's size, as a careful hand would. */
function edited(line: string): string {
  return line.replace('"step":"b"', '"step":"x"');
}

const faults: readonly Fault[] = [
  {
    name: "cut by its last record",
    break: (place) => rewrite(place, lines(place).slice(0, -1)),
    kind: "cut",
    sequence: 3,
    says: /record 3: .*cut off; the signed head counts 4 records/,
  },
  {
    name: "cut in the middle of its last record",
    break: ({ journal }) => truncateSync(journal, readFileSync(journal).length - 20),
    kind: "cut",
    sequence: 3,
    says: /cut off/,
  },
  {
    name: "empty",
    break: ({ journal }) => truncateSync(journal, 0),
    kind: "cut",
    sequence: 0,
    says: /counts 4 records/,
  },
  {
    name: "gone",
    break: ({ journal }) => unlinkSync(journal),
    kind: "cut",
    sequence: 0,
    says: /journal is gone/,
  },
  {
    name: "edited in one entry",
    break: (place) => rewrite(place, lines(place).map(edited)),
    kind: "edited",
    sequence: 2,
    says: /record 2: .*edited/,
  },
  {
    name: "edited in one entry whose hash was made right",
    break: (place) => {
      const [first, second] = chainOf(["a"]);
      const other = nextRecord(endOf([first, second] as JournalRecord[], "r-1"), intent("x"), new Date());
      rewrite(
        place,
        lines(place).map((line, index) => (index === 2 ? lineOf(other).trimEnd() : line)),
      );
    },
    kind: "edited",
    sequence: 1,
    says: /record 1: .*replaced|follows/,
  },
  {
    name: "rewritten whole with right hashes",
    break: ({ journal }) => {
      const text = chainOf(["a", "x", "c"]).map(lineOf).join("");
      writeFileSync(journal, text);
    },
    kind: "rewritten",
    sequence: 3,
    says: /fit each other and are not those that the signed head names/,
  },
  {
    name: "without an entry in the middle",
    break: (place) =>
      rewrite(
        place,
        lines(place).filter((_, index) => index !== 2),
      ),
    kind: "removed",
    sequence: 2,
    says: /record 2: it is missing; record 3 stands in its place/,
  },
  {
    name: "with an entry twice",
    break: (place) =>
      rewrite(
        place,
        lines(place).flatMap((line, index) => (index === 1 ? [line, line] : [line])),
      ),
    kind: "edited",
    sequence: 2,
    says: /record 1 stands in its place/,
  },
  {
    name: "no JSON",
    break: (place) => rewrite(place, ["<html>", ...lines(place).slice(1)]),
    kind: "unreadable",
    sequence: 0,
    says: /record 0: it is no JSON/,
  },
  {
    name: "with a record of an unknown form",
    break: (place) =>
      rewrite(
        place,
        lines(place).map((line) => line.replace('"intent"', '"dreamt"')),
      ),
    kind: "unreadable",
    sequence: 1,
    says: /record 1: it is no record/,
  },
  {
    name: "from a newer version",
    break: (place) =>
      rewrite(
        place,
        lines(place).map((line) => line.replace('"format":1', '"format":9')),
      ),
    kind: "newer",
    sequence: 0,
    says: /a newer Switchyard wrote it \(format 9; this one reads 1\)/,
  },
  {
    name: "another release's",
    break: ({ journal }) => writeFileSync(journal, chainOf(["a", "b", "c"], "r-2").map(lineOf).join("")),
    kind: "rewritten",
    sequence: 0,
    says: /begins the journal of another release, r-2/,
  },
  {
    name: "without its head",
    break: ({ heads }) => rmSync(heads, { recursive: true }),
    kind: "headMissing",
    sequence: 4,
    says: /its head, which says how many there were and is signed, is missing/,
  },
  {
    name: "with a head that was edited",
    break: ({ heads }) => {
      const file = join(heads, "1");
      writeFileSync(file, readFileSync(file, "utf8").replaceAll('"payload":"', '"payload":"AA'));
    },
    kind: "headUnsigned",
    sequence: 0,
    says: /no JSON/,
  },
  {
    name: "with the head of another release",
    break: async ({ heads }) => {
      await forged(heads, keys.signer, "r-2");
    },
    kind: "headUnsigned",
    sequence: 0,
    says: /another release or of another time/,
  },
  {
    name: "rewritten with its head, by a key that is not trusted here",
    break: async ({ journal, heads }) => {
      writeFileSync(journal, chainOf(["a", "x", "c"]).map(lineOf).join(""));
      await forged(heads, stranger.signer, "r-1");
    },
    kind: "headUnsigned",
    sequence: 0,
    says: /signed by no key that is trusted here/,
  },
];

/** Puts a head in place that somebody else signed. */
async function forged(heads: string, signer: typeof keys.signer, release: string): Promise<void> {
  const { FolderMedium } = await import("../../../release/journal/folder-medium.js");
  const records = chainOf(["a", "x", "c"]);
  const head = await (await HeadSigner.for({ system: "shop", release, epoch: 1 }, signer)).sign({
    system: "shop",
    release,
    epoch: 1,
    journal: "journal-1.jsonl",
    bytes: Buffer.byteLength(records.map(lineOf).join("")),
    ...endOf(records, release),
  });
  rmSync(heads, { recursive: true });
  mkdirSync(heads);
  const system = join(heads, "..", "..");
  await new FolderMedium(join(system, "r-1"), system, "r-1").writeHead(1, 4, head);
}

describe("a journal that is not what its release wrote", () => {
  let template: string;
  let folder: string;

  before(async () => {
    template = mkdtempSync(join(tmpdir(), "switchyard-journal-"));
    const store = new FolderStore(template, signedBy(keys));
    const lease = await store.acquire("shop", "r-1", "Lena");
    const journal = store.open("shop", "r-1", lease);
    for (const entry of [started("r-1"), intent("a"), intent("b"), intent("c")]) await journal.append(entry);
    await lease.leave();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-journal-"));
    copyFolder(template, folder);
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  after(() => rmSync(template, { recursive: true, force: true }));

  const place = (): Place => ({
    journal: join(folder, "shop", "r-1", "journal-1.jsonl"),
    heads: join(folder, "shop", "heads", "r-1"),
  });

  for (const fault of faults) {
    it(`${fault.name}: says record and way, to readers and to the next holder`, async () => {
      const store = new FolderStore(folder, signedBy(keys));
      const whoHadReadIt = store.open("shop", "r-1");
      assert.equal((await whoHadReadIt.read()).length, 4);
      await fault.break(place());
      const expected = (error: unknown) => {
        assert.ok(error instanceof JournalFault, String(error));
        assert.equal(error.kind, fault.kind);
        assert.match(error.message, fault.says);
        assert.equal(error.sequence, fault.sequence);
        // Verify and status read the same journal: neither is the way on.
        assert.match(
          error.mend ?? "",
          fault.kind === "newer" ? /checkout/ : /restore journal and head .*versions/,
        );
        assert.doesNotMatch(error.mend ?? "", /switchyard release (verify|status)/);
        const [at, other] = [place().journal, join(place().heads, "1")];
        assert.equal(error.where, fault.kind === "headUnsigned" ? other : at);
        assert.ok(error.message.includes(error.where));
        return true;
      };
      await assert.rejects(store.open("shop", "r-1").read(), expected);
      await assert.rejects(whoHadReadIt.read(), expected);
      const before = readdirSync(join(folder, "shop", "r-1"));
      const lease = await store.takeOver("shop", "Omar");
      await assert.rejects(store.open("shop", "r-1", lease).append(intent("d")), expected);
      await lease.leave();
      assert.deepEqual(readdirSync(join(folder, "shop", "r-1")), before, "something was written");
      expected((await store.inspect("shop", "r-1")).fault);
    });
  }

  it("read again shows what its holder added, and what the next one did", async () => {
    const store = new FolderStore(folder, signedBy(keys));
    const reader = store.open("shop", "r-1");
    assert.equal((await reader.read()).length, 4);
    for (const [holder, step] of [
      ["Omar", "d"],
      ["Lena", "e"],
    ] as const) {
      const lease = await store.takeOver("shop", holder);
      await store.open("shop", "r-1", lease).append(intent(step));
      await lease.leave();
      const read = await reader.read();
      assert.deepEqual(read, await store.open("shop", "r-1").read());
      assert.deepEqual(read.at(-1)?.entry, intent(step));
    }
  });

  it("a line that was being written when the power went: readers pass over it, the next holder goes on without it", async () => {
    appendFileSync(place().journal, '{"sequence":4,"at":"2026-11');
    await goesOnWithout();
  });

  it("a whole line that never was acknowledged does not count: nobody acted on it, and anybody could have put it there", async () => {
    const records = chainOf(["a", "b", "c"]);
    const end = endOf(await new FolderStore(folder, signedBy(keys)).open("shop", "r-1").read(), "r-1");
    assert.equal(records.length, end.count);
    appendFileSync(place().journal, lineOf(nextRecord(end, intent("forged"), new Date())));
    await goesOnWithout();
  });

  it("a head of which one copy is torn: the other says how far it goes", async () => {
    const file = join(place().heads, "1");
    const content = readFileSync(file);
    // The fourth head stands in the first slot.
    content.fill(0x7a, 100, 600);
    writeFileSync(file, content);
    // Its process ended while it wrote that head: the lease knows of the one before.
    markLease(folder, { epoch: 1, count: 3 });
    const store = new FolderStore(folder, signedBy(keys));
    assert.equal((await store.open("shop", "r-1").read()).length, 3);
  });

  it("a head whose newest copy was damaged after the lease knew of it: what it counted is missed", async () => {
    const file = join(place().heads, "1");
    writeFileSync(file, readFileSync(file).fill(0x7a, 100, 600));
    const { fault } = await new FolderStore(folder, signedBy(keys)).inspect("shop", "r-1");
    assert.equal(fault?.kind, "cut");
    assert.match(fault?.message ?? "", /record 3: the lease knows of 4 records/);
  });

  it("a release of which nothing was acknowledged begins anew", async () => {
    rmSync(place().heads, { recursive: true });
    rewrite(place(), lines(place()).slice(0, 1));
    markLease(folder, undefined);
    const store = new FolderStore(folder, signedBy(keys));
    const lease = await store.takeOver("shop", "Omar");
    const journal = store.open("shop", "r-1", lease);
    assert.deepEqual(await journal.read(), []);
    await journal.append(started("r-1"));
    assert.equal((await journal.read()).length, 1);
    await lease.leave();
  });

  async function goesOnWithout(): Promise<void> {
    const store = new FolderStore(folder, signedBy(keys));
    assert.equal((await store.open("shop", "r-1").read()).length, 4);
    assert.ok((await store.inspect("shop", "r-1")).unacknowledgedBytes > 0);
    const lease = await store.takeOver("shop", "Omar");
    await store.open("shop", "r-1", lease).append(intent("d"));
    await lease.leave();
    const { records, fault, unacknowledgedBytes } = await store.inspect("shop", "r-1");
    assert.equal(fault, undefined);
    assert.equal(unacknowledgedBytes, 0);
    assert.match(canonicalJson(records.map(({ entry }) => entry)), /"step":"c".*"step":"d"/);
    assert.equal(records.length, 5);
  }
});

/** Of a process that ended before the lease said more. */
function markLease(folder: string, head: { epoch: number; count: number } | undefined): void {
  const leases = join(folder, "shop", "leases");
  const file = join(leases, String(Math.max(...readdirSync(leases).map(Number))), "lease.json");
  const { head: _, ...lease } = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...lease, ...(head && { head }) }));
}

interface LaterFault {
  readonly name: string;
  readonly break: (shop: string) => void;
  readonly kind: JournalFault["kind"];
  readonly sequence: number;
  readonly says: RegExp;
}

const later = (shop: string) => join(shop, "r-1", "journal-3.jsonl");
const laterHead = (shop: string) => join(shop, "heads", "r-1", "3");

/** What a third holder wrote is taken away; what the two before it wrote fits still. */
const laterFaults: readonly LaterFault[] = [
  {
    name: "without its newest head",
    break: (shop) => rmSync(laterHead(shop)),
    kind: "headMissing",
    sequence: 4,
    says: /record 4: the lease knows of 6 records under the head of epoch 3; .* of epoch 2, .* counts 4 records/,
  },
  {
    name: "without its newest head, of a process that was killed before the lease said so",
    break: (shop) => {
      markLease(join(shop, ".."), { epoch: 2, count: 4 });
      rmSync(laterHead(shop));
    },
    kind: "headMissing",
    sequence: 4,
    says: /record 4: a journal of a later epoch has more, and its head is missing; of epoch 2 .* 4 records/,
  },
  {
    name: "without its newest head, of a release whose lease was given back",
    break: (shop) => {
      rmSync(join(shop, "leases", "3", "lease.json"));
      rmSync(laterHead(shop));
    },
    kind: "headMissing",
    sequence: 4,
    says: /a journal of a later epoch has more/,
  },
  {
    name: "without its newest head and journal",
    break: (shop) => {
      rmSync(laterHead(shop));
      rmSync(later(shop));
    },
    kind: "headMissing",
    sequence: 4,
    says: /the lease knows of 6 records under the head of epoch 3/,
  },
  {
    name: "without its two newest heads",
    break: (shop) => {
      rmSync(laterHead(shop));
      rmSync(join(shop, "heads", "r-1", "2"));
    },
    kind: "headMissing",
    sequence: 2,
    says: /under the head of epoch 3; the newest head is of epoch 1/,
  },
  {
    name: "cut to the start with all its heads",
    break: (shop) => {
      rmSync(join(shop, "heads", "r-1"), { recursive: true });
      for (const name of readdirSync(join(shop, "r-1"))) rmSync(join(shop, "r-1", name));
    },
    kind: "headMissing",
    sequence: 0,
    says: /no head is left, and the lease knows of 6 records under the head of epoch 3/,
  },
];

describe("a journal of several holders of which the newest part is gone", () => {
  let folder: string;
  const store = () => new FolderStore(folder, signedBy(keys));
  const held = async (steps: readonly string[], taken: "acquire" | "takeOver" = "takeOver") => {
    const lease = await (taken === "acquire"
      ? store().acquire("shop", "r-1", "Lena")
      : store().takeOver("shop", "Lena"));
    const journal = store().open("shop", "r-1", lease);
    for (const step of steps) await journal.append(step === "started" ? started("r-1") : intent(step));
    await lease.leave();
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-journal-"));
    await held(["started", "a"], "acquire");
    await held(["b", "c"]);
    await held(["d", "e"]);
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const fault of laterFaults) {
    it(`${fault.name}: a fault to readers and to the next holder, who writes nothing`, async () => {
      fault.break(join(folder, "shop"));
      const expected = (error: unknown) => {
        assert.ok(error instanceof JournalFault, String(error));
        assert.equal(error.kind, fault.kind);
        assert.equal(error.sequence, fault.sequence);
        assert.match(error.message, fault.says);
        return true;
      };
      expected((await store().inspect("shop", "r-1")).fault);
      await assert.rejects(store().open("shop", "r-1").read(), expected);
      const lease = await store()
        .takeOver("shop", "Omar")
        .catch(() => undefined);
      if (lease === undefined) return;
      await assert.rejects(store().open("shop", "r-1", lease).append(intent("f")), expected);
      await lease.leave();
      expected((await store().inspect("shop", "r-1")).fault);
    });
  }

  it("a holder that was killed before its first head took nothing away, whatever it had copied", async () => {
    for (const share of [0, 0.5, 1]) {
      const lease = await store().takeOver("shop", "Omar");
      const { epoch } = lease;
      const content = readFileSync(later(join(folder, "shop")));
      const copied = content.subarray(0, Math.floor(content.length * share));
      writeFileSync(join(folder, "shop", "r-1", `journal-${epoch}.jsonl`), copied);
      await lease.leave();
      assert.equal((await store().inspect("shop", "r-1")).fault, undefined);
      assert.equal((await store().open("shop", "r-1").read()).length, 6);
    }
    await held(["f"]);
    assert.equal((await store().open("shop", "r-1").read()).length, 7);
  });

  it("is no fault of the next release, whose lease says nothing of this one", async () => {
    await (await store().takeOver("shop", "Omar")).giveBack();
    const lease = await store().acquire("shop", "r-2", "Omar");
    await store().open("shop", "r-2", lease).append(started("r-2"));
    await lease.leave();
    for (const release of ["r-1", "r-2"])
      assert.equal((await store().inspect("shop", release)).fault, undefined);
  });
});

function copyFolder(from: string, to: string): void {
  for (const found of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, found.name), join(to, found.name)];
    if (found.isDirectory()) {
      mkdirSync(target);
      copyFolder(source, target);
    } else if (found.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else copyFileSync(source, target);
  }
}
