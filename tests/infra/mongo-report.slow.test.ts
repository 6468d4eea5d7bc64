import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mongoProof } from "../../infra/kubernetes/scripts/mongo";
import { comparedCounts, reportOf } from "../../release/data/job-report";

type Rows = Readonly<Record<string, number>>;

const scripts = { backups: "b", extension: "archive.gz", login: "/login", database: "shop", drill: "drill" };

/**
 * The last lines of a proof, by the shell and node in the place of mongosh: what reaches the platform of these counts.
 * That mongosh runs the script as node does is not shown here.
 */
function reportedOf(counts: { source: Rows; sourceAfter: Rows }, restored: Rows): string {
  const folder = mkdtempSync(join(tmpdir(), "mongo-report-"));
  try {
    const [, , script = ""] = mongoProof(scripts);
    const end = script.slice(script.indexOf("cat > /scratch/short.js"));
    const shell = end.replaceAll("/scratch", folder).replaceAll("/dev/termination-log", `${folder}/report`);
    const node = `mongosh() { node -e "globalThis.print = console.log; require('$3')"; }`;
    writeFileSync(join(folder, "counts"), JSON.stringify(counts));
    writeFileSync(join(folder, "restored"), JSON.stringify(restored));
    const given = [`counts="$(cat ${folder}/counts)"`, `restored="$(cat ${folder}/restored)"`];
    execFileSync("/bin/sh", ["-euc", [node, ...given, shell].join("\n")]);
    return readFileSync(join(folder, "report"), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const compared = (message: string) =>
  comparedCounts({
    name: "job",
    report: reportOf({ name: "job", message, startedAt: "", seconds: 0 }),
  });

/** @param rows of the collection with this number */
const many = (rows: (number: number) => number): Rows =>
  Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`a_collection_with_a_name_${n}`, rows(n)]));

describe("infra/kubernetes/scripts/mongo: what a proof reports", () => {
  it("is each collection where a report can hold them", () => {
    const counts = { source: { a: 5, b: 0 }, sourceAfter: { a: 9, b: 0 } };
    assert.deepEqual(compared(reportedOf(counts, { a: 7, b: 0 })), {
      a: { source: 5, restored: 7 },
      b: { source: 0, restored: 0 },
    });
  });

  it("is the sum of more, although some grew and others shrank while they were dumped", () => {
    const counts = {
      source: many((n) => (n % 2 ? 10 : 30)),
      sourceAfter: many((n) => (n % 2 ? 30 : 10)),
    };
    const message = reportedOf(
      counts,
      many(() => 30),
    );
    assert.ok(message.length < 4096, String(message.length));
    assert.deepEqual(compared(message), { "all 120 collections": { source: 1200, restored: 3600 } });
  });

  it("names those of more that are not whole, or missing", () => {
    const counts = { source: many(() => 0), sourceAfter: many(() => 0) };
    const { a_collection_with_a_name_7: _, ...less } = many((n) => (n === 3 ? 2 : 0));
    assert.throws(
      () => compared(reportedOf(counts, less)),
      /a_collection_with_a_name_3: 0 in the source, 2 restored; a_collection_with_a_name_7: 0 in the source, not restored/,
    );
  });
});
