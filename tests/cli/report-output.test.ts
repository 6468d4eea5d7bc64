import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import type { CommandContext } from "../../cli/context";
import { putOutReport, type ReportOutput, reportOptions, requireReportOutput } from "../../cli/report-output";
import { silentProgress } from "../../local/progress";
import { largeReport } from "../reports/support/sample";
import { root } from "../support/root";

const sampleReport = largeReport(300);

describe("where a report goes", () => {
  let folder: string;
  let printed: string;
  const context: CommandContext = {
    workspace: { root, dist: join(root, "dist"), policyPack: "", stateDir: "" },
    progress: silentProgress,
    signal: new AbortController().signal,
    out: (text) => {
      printed += text;
    },
    say: () => {},
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-output-"));
    printed = "";
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function parsed(...argv: string[]): ReportOutput {
    const command = new Command("x").exitOverride().configureOutput({ writeErr: () => {} });
    for (const option of reportOptions()) command.addOption(option);
    return command.parse(argv, { from: "user" }).opts<ReportOutput>();
  }

  it("one run writes each format that is asked for, and prints the text", async () => {
    const [sarif, junit] = [join(folder, "a.sarif"), join(folder, "a=b.xml")];
    await putOutReport(
      context,
      sampleReport,
      parsed("--report", `sarif=${sarif}`, "--report", `junit=${junit}`),
    );
    assert.equal(JSON.parse(readFileSync(sarif, "utf8")).version, "2.1.0");
    assert.match(readFileSync(junit, "utf8"), /^<\?xml/);
    assert.match(printed, /policies: /);
  });

  it("--out takes the place of stdout, --report does not", async () => {
    const [out, other] = [join(folder, "out.json"), join(folder, "other.md")];
    await putOutReport(
      context,
      sampleReport,
      parsed("--format", "json", "--out", out, "--report", `markdown=${other}`),
    );
    assert.equal(JSON.parse(readFileSync(out, "utf8")).version, 1);
    assert.match(readFileSync(other, "utf8"), /^<!-- switchyard:/);
    assert.equal(printed, "");
  });

  it("asks for nothing of one command what another was given", () => {
    parsed("--report", "html=x.html");
    assert.deepEqual(parsed().report, []);
  });

  it("a place that cannot be written is refused before the work begins", async () => {
    const file = join(folder, "none", "a.html");
    await assert.rejects(requireReportOutput(parsed("--report", `html=${file}`)), /cannot be written/);
    assert.equal(existsSync(file), false);
  });

  for (const wrong of ["html", "yaml=a", "=a", "html=", "html:a"]) {
    it(`--report ${wrong} is wrong usage`, () => {
      assert.throws(() => parsed("--report", wrong), /format=file/);
    });
  }
});
