import assert from "node:assert/strict";
import { join } from "node:path";
import { assessCoverage } from "../../cli/coverage/assess";
import { readCatalogue } from "../../cli/coverage/catalogue";
import { rulesByName } from "../../policies/registry";
import { contracts } from "../../runbooks/contracts";
import type { Contract, Entry } from "../../runbooks/vocabulary";
import { entrySchema } from "../../runbooks/vocabulary";
import { root } from "../support/root";

describe("the contracts", () => {
  const report = assessCoverage({
    statements: readCatalogue(join(root, "runbooks", "catalogue.yaml")),
    contracts,
    rules: rulesByName,
  });

  it("carry all 806 statements, each by one entry, in the words of the vocabulary and with rules that exist", () => {
    assert.deepEqual(report.faults, []);
    assert.equal(report.total, 806);
    assert.deepEqual(
      report.statements.filter(({ status }) => status === "not carried").map(({ id }) => id),
      [],
    );
  });

  it("have every declared and policy statement, and every alert, enforced by the pack", () => {
    const waiting = report.statements.filter(
      ({ kind, entry, status }) =>
        (/^(declared|policy|alert) /.test(entry) || ["declared", "policy"].includes(kind)) &&
        status !== "enforced",
    );
    assert.deepEqual(
      waiting.map(({ id }) => id),
      [],
    );
  });

  for (const contract of contracts) {
    it(`${contract.system}: what entries name of one another exists`, () => {
      assert.deepEqual(danglingNames(contract), []);
    });
  }

  for (const { system, entries } of contracts) {
    it(`${system}: a follow-up that blocks the next release has a gate that asks for it`, () => {
      const expected = entries.flatMap((entry) =>
        entry.word === "checkGate" && entry.check.provider === "release" && entry.onBreach === "refuse"
          ? [entry.check.expects]
          : [],
      );
      for (const entry of entries) {
        if (entry.word !== "followUp" || !entry.blocksNextRelease) continue;
        const ofEmergency = entry.releases?.every((type) => type === "emergency") ?? false;
        assert.ok(expected.includes(ofEmergency ? "noOpenPostMortem" : "noOpenFollowUp"), entry.name);
      }
    });

    it(`${system}: somebody is told of a release that waits and of one that goes back (conflicts 3)`, () => {
      const inProduction = entries.filter(({ on }) => on.includes("production"));
      const told = (moment: "hold" | "rollback") =>
        inProduction.some(
          (entry) =>
            (entry.word === "notify" && entry.at === moment) ||
            (entry.word === "escalation" && entry.during.includes(moment)),
        );
      assert.deepEqual([told("hold"), told("rollback")], [true, true]);
    });

    it(`${system}: what is told of trouble pages, and nothing else does (TES-104)`, () => {
      const trouble = ["hold", "breach", "rollback", "failed", "incident"];
      for (const entry of entries) {
        if (entry.word !== "notify" || !entry.channels.some(({ channel }) => channel === "pagerDuty"))
          continue;
        const pages = entry.colour === "warning" || entry.colour === "danger";
        assert.equal(pages, trouble.includes(entry.at), entry.name);
      }
    });

    it(`${system}: a mail has a setting with its addresses, and customers read nothing of the release's insides`, () => {
      const messages = entries.filter((entry) => entry.word === "notify");
      for (const { name, channels, audience, fields } of messages) {
        const mails = channels.filter(({ channel }) => channel === "mail");
        assert.ok(
          mails.every(({ setting }) => setting !== undefined),
          name,
        );
        if (!audience.startsWith("Customers")) continue;
        const inside = [
          "reason",
          "next",
          "gate",
          "value",
          "phase",
          "link",
          "startsAt",
          "endsAt",
          "duration",
          "changes",
        ];
        assert.deepEqual(
          fields.filter((field) => inside.includes(field)),
          [],
          name,
        );
      }
    });
  }

  it("ask whether gates of a watch pass once each of them has had to, and not before", () => {
    for (const { system, entries } of contracts) {
      const minutesOf = (name: string) => {
        const gate = entries.find((entry) => entry.name === name);
        return gate?.word === "metricGate" || gate?.word === "checkGate" ? gate.minutes : undefined;
      };
      for (const gate of entries) {
        if (gate.word !== "checkGate" || gate.check.provider !== "release" || !gate.during.includes("watch"))
          continue;
        for (const name of gate.check.gates ?? []) {
          const due = minutesOf(name)?.due ?? 0;
          assert.ok(
            (gate.minutes?.from ?? 0) >= due,
            `${system}: ${gate.name} asks for ${name} before minute ${due}`,
          );
        }
      }
    }
  });

  it("bind what a ramp's table asks at one weight to that weight, and not to minutes, which a hold makes others", () => {
    const gates = contracts.flatMap(({ entries }) => entries.filter((entry) => entry.word === "checkGate"));
    assert.deepEqual(
      gates
        .filter(({ during, minutes }) => during.includes("ramp") && minutes !== undefined)
        .map(({ name }) => name),
      [],
    );
    const bound = gates.filter(({ atWeight }) => atWeight !== undefined);
    assert.deepEqual(
      bound.map(({ name, during, atWeight }) => [name, during, atWeight]),
      [["final-validation", ["ramp"], 80]],
    );
  });

  it("judge by its exit code the one script that the runbooks print whole and that writes no report", () => {
    const judged = contracts.flatMap(({ entries }) =>
      entries.flatMap((entry) =>
        entry.word === "checkGate" &&
        entry.check.provider === "suite" &&
        entry.check.run.as === "command" &&
        entry.check.run.judgedBy === "exitCode"
          ? [entry.ids.join()]
          : [],
      ),
    );
    assert.deepEqual(judged, ["RET-097"]);
  });

  it("do not take logs that never came for a good number: what is 0 without rows counts what it is a sum of", () => {
    const gates = contracts.flatMap(({ system, entries }) =>
      entries.flatMap((entry) => (entry.word === "metricGate" ? [{ system, gate: entry }] : [])),
    );
    for (const { system, gate } of gates) {
      const { measurement, minimumSample, zones } = gate;
      if (measurement.provider !== "logAnalytics" || minimumSample.of === "events") continue;
      const { operator, limit } = zones.pass;
      const passesAtNone =
        operator === "<"
          ? 0 < limit
          : operator === "<="
            ? 0 <= limit
            : operator === ">"
              ? 0 > limit
              : 0 >= limit;
      assert.ok(!passesAtNone, `${system} ${gate.name}`);
    }
  });

  it("a metric gate without provider, window, sample or zones is none", () => {
    const gate = contracts.flatMap(({ entries }) => entries).find(({ word }) => word === "metricGate");
    assert.ok(gate && entrySchema.safeParse(gate).success);
    for (const field of ["measurement", "windowSeconds", "minimumSample", "zones"]) {
      const { [field]: _, ...without } = gate as unknown as Record<string, unknown>;
      assert.equal(entrySchema.safeParse(without).success, false, field);
    }
  });

  it("a check gate without expectation or timeout is none", () => {
    const gate = contracts.flatMap(({ entries }) => entries).find(({ word }) => word === "checkGate");
    assert.ok(gate && entrySchema.safeParse(gate).success);
    for (const field of ["expectation", "timeoutSeconds", "check"]) {
      const { [field]: _, ...without } = gate as unknown as Record<string, unknown>;
      assert.equal(entrySchema.safeParse(without).success, false, field);
    }
  });
});

/** Names of gates that a follow-up or a release check looks at again. */
function danglingNames({ entries }: Contract): readonly string[] {
  const names = new Set(entries.map(({ name }) => name));
  return entries.flatMap((entry) =>
    gatesOf(entry)
      .filter((name) => !names.has(name))
      .map((name) => `${entry.name}: ${name}`),
  );
}

function gatesOf(entry: Entry): readonly string[] {
  if (entry.word === "followUp" && entry.task.as === "gates") return entry.task.gates;
  if (entry.word === "checkGate" && entry.check.provider === "release") return entry.check.gates ?? [];
  return [];
}
