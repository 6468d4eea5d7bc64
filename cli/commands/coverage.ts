import { join } from "node:path";
import { Command, Option } from "commander";
import { type CoverageFormat, coverageFormats, renderCoverage } from "../../reports/coverage/formats";
import { type CoverageReport, coverageReport } from "../../reports/coverage/model";
import { plural } from "../../reports/headline";
import { systemNames } from "../../runbooks/model";
import { moments } from "../../runbooks/vocabulary";
import type { CommandContext } from "../context";
import { assessCoverage } from "../coverage/assess";
import { readCatalogue } from "../coverage/catalogue";
import { Refused } from "../exit";
import { pathName } from "../options";
import { requireReportFile, writeReport } from "../report-file";

interface CoverageOptions {
  readonly system?: string;
  readonly kind?: string;
  readonly phase?: string;
  readonly format: CoverageFormat;
  readonly out?: string;
}

const statementKinds = ["declared", "policy", "gate", "step", "evidence", "notify", "manual"];

/** `switchyard coverage`: what becomes of every statement of the runbooks. */
export function coverageCommand(context: CommandContext): Command {
  return new Command("coverage")
    .description(
      "statement by statement: which entry carries it, what runs the entry, and the test that shows it",
    )
    .addOption(new Option("--system <system>", "only this system's").choices(systemNames))
    .addOption(new Option("--kind <kind>", "only statements of this kind").choices(statementKinds))
    .addOption(new Option("--phase <phase>", "only what holds in this phase").choices(moments))
    .addOption(
      new Option("-f, --format <format>", "how to print it").choices(coverageFormats).default("text"),
    )
    .option("-o, --out <file>", "write it to a file instead of stdout", pathName)
    .action(async (options: CoverageOptions) => {
      if (options.out !== undefined) await requireReportFile(options.out);
      const whole = await assess(context);
      const text = renderCoverage(filtered(whole, options), options.format);
      if (options.out === undefined) context.out(text);
      else await writeReport(options.out, text);
      const [fault] = whole.faults;
      if (fault !== undefined)
        throw new Refused(
          `error: ${plural(whole.faults.length, "fault")} in the contracts, the first: ${fault}`,
        );
    });
}

async function assess(context: CommandContext): Promise<CoverageReport> {
  // Loaded when they are needed: the contracts and the pack's rules are large.
  const [{ contracts }, { rulesByName }] = await Promise.all([
    import("../../runbooks/contracts.js"),
    import("../../policies/registry.js"),
  ]);
  const catalogue = join(context.workspace.dist, "..", "runbooks", "catalogue.yaml");
  return assessCoverage({ statements: readCatalogue(catalogue), contracts, rules: rulesByName });
}

function filtered(report: CoverageReport, { system, kind, phase }: CoverageOptions): CoverageReport {
  const wanted = report.statements.filter(
    (statement) =>
      (system === undefined || statement.system === system) &&
      (kind === undefined || statement.kind === kind) &&
      (phase === undefined || statement.phases.includes(phase)),
  );
  return coverageReport(wanted, report.faults);
}
