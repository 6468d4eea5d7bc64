import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireReportFile, writeReport } from "../../cli/report-file";
import { UserError } from "../../local/user-error";

describe("the file of a report", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-report-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const refusal = (pattern: RegExp) => (error: Error) =>
    error instanceof UserError && pattern.test(error.message);

  it("is refused before the work begins when its folder is missing", async () => {
    await assert.rejects(
      requireReportFile(join(folder, "missing", "report.html")),
      refusal(/cannot be written to .*missing.*no such file/),
    );
  });

  it("is refused before the work begins when it is a folder", async () => {
    mkdirSync(join(folder, "taken"));
    await assert.rejects(requireReportFile(join(folder, "taken")), refusal(/it is a folder/));
  });

  it("is exchanged as a whole, and nothing else stays in its folder", async () => {
    const file = join(folder, "report.html");
    writeFileSync(file, "former");
    await requireReportFile(file);
    await writeReport(file, "x".repeat(1_000_000));
    assert.equal(readFileSync(file, "utf8").length, 1_000_000);
    assert.deepEqual(readdirSync(folder).sort(), ["report.html", "taken"]);
  });

  it("may be a device, which is written to and stays one", async () => {
    await requireReportFile("/dev/null");
    await writeReport("/dev/null", "report");
    assert.equal(readFileSync("/dev/null", "utf8"), "");
  });
});
