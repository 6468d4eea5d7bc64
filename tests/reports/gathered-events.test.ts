import assert from "node:assert/strict";
import type { EngineEvent, StepMetadata, StepState } from "../../reports/engine-event";
import { buildReport } from "../../reports/from-events";
import { GatheredEvents } from "../../reports/gathered-events";

const urn = "urn:pulumi:dev::switchyard::azure-native:sql:Server::server";
const type = "azure-native:sql:Server";
const password = "hunter2-hunter2-hunter2";

const state = (inputs: Record<string, unknown>, outputs = inputs): StepState => ({
  type,
  urn,
  inputs,
  outputs,
});

function events(op: string, old: StepState, now: StepState): EngineEvent[] {
  const metadata: StepMetadata = { op, urn, type, old, new: now, diffs: ["version"] };
  return [
    { sequence: 0, timestamp: 0, resourcePreEvent: { metadata } },
    { sequence: 1, timestamp: 0, resOutputsEvent: { metadata } },
    { sequence: 2, timestamp: 0, resOpFailedEvent: { metadata, status: 0, steps: 1 } },
    {
      sequence: 3,
      timestamp: 0,
      diagnosticEvent: { severity: "error", message: `the server said ${password}` },
    },
  ];
}

const reportOf = (given: readonly EngineEvent[] | GatheredEvents) =>
  buildReport({
    subject: { kind: "preview", stack: "dev", offline: false },
    events: given,
    exitCode: 1,
    rules: [],
  });

describe("events gathered for a report", () => {
  for (const op of ["same", "create", "delete", "update", "replace"]) {
    it(`of a step ${op} make the report that all of them make, without the secret in it`, () => {
      const all = events(op, state({ version: "11" }), state({ version: "12", loginPassword: password }));
      const report = reportOf(GatheredEvents.of(all));
      assert.deepEqual(report, reportOf(all));
      assert.equal(report.errors[0]?.message, "the server said [secret]");
    });
  }

  it("learn a secret from every kind of event, from before and after, inputs and outputs", () => {
    const hidden = (text: string) => ({ loginPassword: text });
    const names = ["old-inputs-0001", "old-outputs-0002", "new-inputs-0003", "new-outputs-0004"] as const;
    const [a, b, c, d] = names;
    for (const event of events("same", state(hidden(a), hidden(b)), state(hidden(c), hidden(d))).slice(
      0,
      3,
    )) {
      assert.deepEqual([...GatheredEvents.of([event]).secrets].sort(), [...names].sort());
    }
  });

  it("hold the states of what differs alone", () => {
    const states = (op: string) =>
      GatheredEvents.of(events(op, state({ version: "11" }), state({ version: "12" }))).events.map(
        (event) => {
          const step = (event.resourcePreEvent ?? event.resOutputsEvent ?? event.resOpFailedEvent)?.metadata;
          return step !== undefined && ("old" in step || "new" in step);
        },
      );
    assert.deepEqual(states("same"), [false, false, false, false]);
    assert.deepEqual(states("update"), [true, false, false, false]);
  });
});
