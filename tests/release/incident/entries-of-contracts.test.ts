import assert from "node:assert/strict";
import { planIncident, playbooksOf } from "../../../release/incident/plan";
import { incidentEntries } from "../../../release/incident/planned-entries";
import { contracts } from "../../../runbooks/contracts";
import type { Contract, Entry } from "../../../runbooks/vocabulary";
import { incident, RehearsedIncident } from "./support";

/** The incident of production in which an entry has its place: of the first symptom that has it, or of none. */
function placeOf(contract: Contract, { name }: Entry) {
  const symptoms = [undefined, ...playbooksOf(contract, "production").map(({ symptom }) => symptom)];
  for (const symptom of symptoms) {
    const plan = planIncident(contract, "production", symptom);
    const steps = plan.offers.flatMap(({ step }) => step ?? []);
    const { questions, messages, ladders, callable, health, gates } = plan;
    const all = [...questions, ...messages, ...ladders, ...callable, ...health, ...gates, ...steps];
    if (all.some((one) => one.name === name)) return { symptom, plan };
  }
  return undefined;
}

async function opened(contract: Contract, symptom: string | undefined): Promise<RehearsedIncident> {
  const rehearsed = new RehearsedIncident(contract.system, symptom);
  await rehearsed.open();
  return rehearsed;
}

describe("what an incident carries out of the five contracts", () => {
  for (const contract of contracts) {
    const placed = incidentEntries(contract);
    for (const entry of contract.entries) {
      if (!placed.has(entry.name)) continue;
      const place = placeOf(contract, entry);
      if (place === undefined) continue;
      const { symptom, plan } = place;
      const title = `${contract.system} ${entry.name}`;
      switch (entry.word) {
        case "escalation":
          it(`${title}: climbs in its minutes, to each role`, async () => {
            const rehearsed = await opened(contract, symptom);
            const { severity, name, ladder } = entry;
            if (severity !== undefined)
              await rehearsed.book.write(incident, () => [{ event: "severity", severity, by: "lee" }]);
            if (plan.callable.includes(entry))
              await rehearsed.book.write(incident, () => [
                { event: "called", entry: name, by: "bob", why: "so" },
              ]);
            let passed = 0;
            const expected: string[] = [];
            for (const minutes of [...new Set(ladder.map(({ afterMinutes }) => afterMinutes))]) {
              if (minutes > passed) {
                rehearsed.clock.jump((minutes - passed) * 60 - 1);
                await rehearsed.look();
                assert.deepEqual(await rehearsed.rungs(name), expected, "not before its minute");
                rehearsed.clock.jump(1);
                passed = minutes;
              }
              const now = ladder.filter(({ afterMinutes }) => afterMinutes === minutes);
              expected.push(...now.map(({ role, channel }) => `${minutes} ${role} ${channel}`));
              await rehearsed.look();
              assert.deepEqual(await rehearsed.rungs(name), expected);
            }
          });
          break;
        case "notify":
        case "manual":
          it(`${title}: is told or asked in its minute`, async () => {
            const rehearsed = await opened(contract, symptom);
            const heard = async () => {
              const { told, asked } = await rehearsed.look();
              return told.some((one) => one.entry === entry.name) || asked.has(entry.name);
            };
            const minutes = entry.offsetMinutes ?? 0;
            if (minutes > 0) {
              rehearsed.clock.jump(minutes * 60 - 1);
              assert.equal(await heard(), false, "not before its minute");
              rehearsed.clock.jump(1);
            }
            assert.equal(await heard(), true);
          });
          break;
        case "checkGate":
        case "metricGate":
          it(`${title}: is looked at`, () => {
            assert.ok([...plan.health, ...plan.gates].includes(entry));
          });
          break;
        case "step":
          it(`${title}: is offered, to be confirmed`, () => {
            const offer = plan.offers.find(({ step }) => step === entry);
            assert.deepEqual(offer?.does, entry.does);
            assert.ok(offer?.confirmedBy);
          });
          break;
      }
    }
  }
});
