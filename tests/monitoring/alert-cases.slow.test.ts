import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { casesBySystem } from "./cases";
import type { AlertCase } from "./support/alert-case";
import { contracts } from "./support/contracts";
import { testAlert } from "./support/promtool-test";
import { requireTool } from "./support/tool";

/**
 * Every alert of every contract is put through Prometheus' own evaluation. Not shown: that Azure's evaluation, which is
 * Microsoft's and closed, agrees with it.
 */
describe("alerts, evaluated by promtool", function () {
  this.timeout(30_000);

  let folder: string;

  before(function () {
    requireTool(this, "promtool");
    folder = mkdtempSync(join(tmpdir(), "switchyard-promtool-"));
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  for (const contract of contracts) {
    describe(contract.system, () => {
      for (const [alert, cases] of Object.entries(casesBySystem[contract.system] ?? {})) {
        it(`${alert}: ${said(cases)}`, () => {
          const { code, output } = testAlert(folder, contract, alert, cases);
          assert.equal(code, 0, output);
        });
      }
    });
  }
});

function said(cases: readonly AlertCase[]): string {
  const fires = cases.filter((item) => item.fires.length > 0).length;
  return `${fires} fire, ${cases.length - fires} stay quiet`;
}
