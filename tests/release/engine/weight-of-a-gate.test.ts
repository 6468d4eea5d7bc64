import assert from "node:assert/strict";
import { explainPlan } from "../../../release/plan/explain-plan";
import { planDocument, planDocumentSchema } from "../../../release/plan/plan-document";
import { planRelease } from "../../../release/plan/planner";
import { calm, type Fault } from "../../../release/simulation/scenario";
import { type Simulation, simulate } from "../../../release/simulation/simulate";
import { contractPlan, contractQuestion } from "./support/plans";

const plan = contractPlan("kirana-store", "production");
const gate = "final-validation";
const weight = (percent: number) => `ramp/ramp-traffic/${percent}`;

const walked = (...faults: readonly Fault[]) =>
  simulate(plan, { ...calm(), waits: true, faults }, { leaps: true });

/** Second at which a step began to act. */
const began = ({ records, times }: Simulation, step: string) =>
  times[records.findIndex(({ entry }) => entry.kind === "intent" && entry.step === step)]!;

/** Seconds at which the gate's verdicts were written, and the weight that there was then. */
function looks({ records, times }: Simulation): readonly (readonly [verdict: string, percent: number])[] {
  let percent = 0;
  return records.flatMap(({ entry }, index) => {
    if (entry.kind === "intent")
      percent = Number(/^ramp\/ramp-traffic\/(\d+)$/.exec(entry.step)?.[1] ?? percent);
    return entry.kind === "verdict" && entry.gate === gate && times[index] !== undefined
      ? [[entry.verdict, percent] as const]
      : [];
  });
}

/** The last validation of kirana-store's ramp is that of 80 %, where four of five requests meet the new side (STO-083). */
describe("a gate that is of one weight of a ramp", () => {
  it("is asked once at that weight, and passes before the next one", async () => {
    const one = await walked();
    assert.deepEqual([one.end, looks(one)], ["finished", [["pass", 80]]]);
  });

  it("is so where the ramp was on hold before, and comes to that weight later than by its table", async () => {
    const calmly = await walked();
    const from = began(calmly, weight(30));
    const held = await walked({
      kind: "gate",
      gate: "ramp-error-rate",
      seen: "between",
      fromSeconds: from,
      forSeconds: 1500,
    });
    assert.ok(began(held, weight(80)) - began(calmly, weight(80)) > 600);
    assert.deepEqual([held.end, looks(held)], ["finished", [["pass", 80]]]);
  });

  it("keeps the ramp at that weight when it says no, until a person has decided", async () => {
    const from = began(await walked(), weight(70));
    const { records, ...one } = await walked({
      kind: "gate",
      gate,
      seen: "breach",
      fromSeconds: from,
      forSeconds: 1e6,
    });
    assert.deepEqual(looks({ records, ...one }), [["hold", 80]]);
    const held = records.findIndex(({ entry }) => entry.kind === "held" && entry.gate === gate);
    const { entry } = records[held]!;
    assert.ok(entry.kind === "held" && entry.needsPerson);
    const said = records.findIndex(({ entry: { kind } }, index) => index > held && kind === "command");
    const moved = records.findIndex((record, index) => index > held && record.entry.kind === "intent");
    assert.ok(said > held && moved > said, `held ${held}, said ${said}, moved ${moved}`);
  });

  it("is told with its weight, by the plan and its document", () => {
    assert.match(
      explainPlan(plan).replaceAll(/\s+/g, " "),
      /critical paths once more under load \(at 80 %\)/,
    );
    const { watched } = planDocumentSchema.parse(planDocument(plan));
    assert.deepEqual(
      watched.filter(({ atPercent }) => atPercent !== undefined),
      [{ gate, phases: ["ramp"], atPercent: 80 }],
    );
  });

  it("is refused at a weight that the ramp does not have: it could hold nothing", () => {
    const question = contractQuestion("kirana-store", "production");
    const entries = question.contract.entries.map((entry) =>
      entry.name === gate ? ({ ...entry, atWeight: 75 } as typeof entry) : entry,
    );
    const planned = planRelease({ ...question, contract: { ...question.contract, entries } });
    assert.ok("refusals" in planned);
    assert.deepEqual(
      planned.refusals.map(({ kind, message }) => [kind, /final-validation .* 75 %/.test(message)]),
      [["idle-gate", true]],
    );
  });
});
