import assert from "node:assert/strict";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PartProcess, tailOf, turnOver } from "../../../local/cluster/part-process";
import { until } from "../../support/until";

describe("the log of a part of the cluster", () => {
  let folder: string;
  let log: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-log-"));
    log = join(folder, "etcd.log");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const text = (file: string) => readFileSync(file, "utf8");
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join("");

  it("is turned over under a writer that keeps its descriptor: no line is lost, and it begins at 0", () => {
    const writer = openSync(log, "a");
    try {
      writeSync(writer, lines(0, 100));
      turnOver(log, 500);
      writeSync(writer, lines(100, 110));
      assert.equal(text(`${log}.1`), lines(0, 100));
      assert.equal(text(log), lines(100, 110));
      turnOver(log, 500);
      assert.equal(text(log), lines(100, 110), "it is small enough");
    } finally {
      closeSync(writer);
    }
  });

  it("shows its last lines when they were turned over a moment ago", () => {
    const writer = openSync(log, "a");
    writeSync(writer, lines(0, 100));
    turnOver(log, 500);
    writeSync(writer, "last\n");
    closeSync(writer);
    assert.ok(tailOf(log).endsWith("line 98\nline 99\nlast\n"));
  });

  it("is kept within bounds while the part runs", async () => {
    const largestBytes = 20_000;
    const program = "setInterval(() => process.stdout.write('x'.repeat(999) + '\\n'), 1)";
    const part = new PartProcess(
      { name: "etcd", command: process.execPath, argv: ["-e", program], environment: {} },
      { cwd: folder, logFile: log, onChange: () => {}, logBounds: { largestBytes, everyMilliseconds: 5 } },
    );
    part.start();
    try {
      const isTurnedOver = () => existsSync(`${log}.1`) && statSync(log).size < largestBytes;
      await until("it was turned over", isTurnedOver, 20_000);
      assert.equal(part.restarts, 0);
    } finally {
      await part.stop();
    }
  });
});
