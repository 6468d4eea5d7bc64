import assert from "node:assert/strict";
import type { ReleaseState } from "../../../release/engine/state";
import { agenda } from "../../../release/incident/due";
import { eventsOfWait, waitingOf } from "../../../release/incident/held-release";
import { laddersFor } from "../../../release/incident/plan";
import { incidentState } from "../../../release/incident/state";
import { contracts } from "../../../runbooks/contracts";
import { incident, RehearsedIncident } from "./support";

describe("ladders of an incident, in virtual time", () => {
  it("climb to the next role when nobody has taken it in the contract's time", async () => {
    const shop = new RehearsedIncident("retail-agentic");
    await shop.open();
    await shop.pass(14);
    assert.deepEqual(await shop.rungs("incident-ladder"), ["0 on-call-engineer pagerDuty"]);
    await shop.pass(20);
    assert.deepEqual(await shop.rungs("incident-ladder"), [
      "0 on-call-engineer pagerDuty",
      "15 platform-lead slack",
      "30 database-admin slack",
    ]);
    assert.deepEqual(
      shop.told.map(({ to }) => to),
      ["on-call-engineer", "platform-lead", "database-admin"],
    );
    assert.match(shop.told[1]!.text, /retail-agentic on production: the shop does not answer.*platform-lead/);
  });

  it("climb no further once somebody has taken it", async () => {
    const shop = new RehearsedIncident("retail-agentic");
    await shop.open();
    await shop.pass(10);
    await shop.book.write(incident, () => [{ event: "acknowledged", by: "bob" }]);
    await shop.pass(60);
    assert.deepEqual(await shop.rungs("incident-ladder"), ["0 on-call-engineer pagerDuty"]);
  });

  it("climb on after it is taken where the contract wants it solved, until it is closed", async () => {
    const cases = new RehearsedIncident("case-management", "production-down");
    await cases.open();
    await cases.pass(5);
    await cases.book.write(incident, () => [{ event: "acknowledged", by: "bob" }]);
    await cases.pass(12);
    assert.deepEqual(await cases.rungs("incident-ladder"), [
      "0 on-call-engineer pagerDuty",
      "15 devops-lead pagerDuty",
    ]);
    await cases.book.write(incident, () => [
      { event: "closed", by: "bob", rootCause: "a full disk", resolution: "it was emptied" },
    ]);
    await cases.pass(60);
    assert.equal((await cases.rungs("incident-ladder")).length, 2);
  });

  it("begin with the severity that they are for, at the moment at which it is known", async () => {
    const store = new RehearsedIncident("kirana-store", "production-degraded");
    await store.open();
    await store.pass(6);
    assert.deepEqual(await store.rungs("severity-p2"), []);
    await store.book.write(incident, () => [{ event: "severity", severity: "P2", by: "lee" }]);
    await store.pass(40);
    assert.deepEqual(await store.rungs("severity-p2"), [
      "6 on-call-engineer pagerDuty",
      "36 engineering-lead pagerDuty",
    ]);
    for (const other of ["severity-p1", "severity-p3", "severity-p4"])
      assert.deepEqual(await store.rungs(other), []);
  });

  it("tell nobody whose condition a person has to judge, until a person calls them", async () => {
    const shop = new RehearsedIncident("retail-agentic");
    await shop.open();
    await shop.pass(60);
    assert.deepEqual(await shop.rungs("security-ladder"), []);
    await shop.book.write(incident, () => [
      { event: "acknowledged", by: "bob" },
      { event: "called", entry: "security-ladder", by: "bob", why: "a key was published" },
    ]);
    await shop.look();
    assert.deepEqual(await shop.rungs("security-ladder"), [
      "60 security-team slack",
      "60 on-call-engineer pagerDuty",
    ]);
  });

  it("say who is to be called by hand where nothing can be sent, and go on", async () => {
    const cases = new RehearsedIncident("case-management", "production-down");
    await cases.open();
    await cases.book.write(incident, () => [
      { event: "called", entry: "product-manager-by-sms", by: "bob", why: "nobody can work" },
    ]);
    const { told } = await cases.look();
    const sms = told.find(({ entry }) => entry === "product-manager-by-sms");
    assert.equal(sms?.delivered, false);
    assert.match(sms?.why ?? "", /whoever is on call calls the product-manager/);
    assert.ok(!cases.told.some(({ to }) => to === "product-manager"));
  });

  it("write down what was not delivered, and tell nobody twice", async () => {
    const shop = new RehearsedIncident("retail-agentic");
    shop.answers = { holds: false, why: "Slack does not answer" };
    await shop.open();
    await shop.pass(3);
    const { told } = await shop.look();
    assert.deepEqual(
      told.map(({ delivered, why }) => [delivered, why]),
      [[false, "Slack does not answer"]],
    );
  });

  it("pass as much faster as an incident is rehearsed", async () => {
    const shop = new RehearsedIncident("retail-agentic", undefined, "dev");
    await shop.open({ speed: 15 });
    await shop.pass(1);
    assert.deepEqual(await shop.rungs("incident-ladder"), [
      "0 on-call-engineer pagerDuty",
      "1 platform-lead slack",
    ]);
  });
});

describe("minutes of an incident, in virtual time", () => {
  it("ask the runbook's questions when their minutes have come, each once, whoever has taken it", async () => {
    const store = new RehearsedIncident("kirana-store", "production-degraded");
    await store.open();
    await store.book.write(incident, () => [{ event: "acknowledged", by: "bob" }]);
    await store.pass(12);
    const asked = [...(await store.look()).asked.keys()];
    assert.deepEqual(asked, ["incident-severity", "incident-root-cause"]);
    const { asked: all } = await store.pass(60);
    assert.deepEqual(
      [...all.keys()],
      [
        "incident-severity",
        "incident-root-cause",
        "incident-fix-or-rollback",
        "incident-validation",
        "incident-post-mortem",
      ],
    );
  });

  it("tell the customers' support after half an hour, and nothing after it is closed", async () => {
    const store = new RehearsedIncident("kirana-store", "production-degraded");
    await store.open({ affected: "everybody who pays" });
    await store.pass(29);
    const support = () => store.told.filter(({ to }) => to.startsWith("Support"));
    assert.deepEqual(support(), []);
    await store.pass(1);
    assert.equal(support().length, 1);
    assert.match(support()[0]!.text, /Affected: everybody who pays/);
    await store.book.write(incident, () => [
      { event: "closed", by: "bob", rootCause: "a lock", resolution: "taken away" },
    ]);
    const count = store.told.length;
    await store.pass(90);
    assert.equal(store.told.length, count);
  });

  it("tell and page at once when production is down, before anybody is asked", async () => {
    const cases = new RehearsedIncident("case-management", "production-down");
    await cases.open({ severity: "P1" });
    const state = await cases.look();
    const told = state.timeline.flatMap((one) => (one.event === "told" ? [one.entry] : []));
    for (const entry of [
      "production-down-told",
      "on-call-paged",
      "incident-ladder",
      "immediate-response-team",
    ])
      assert.ok(told.includes(entry), entry);
    assert.equal(state.asked.size, 0);
  });

  it("say when something is due next", async () => {
    const store = new RehearsedIncident("kirana-store", "production-degraded");
    await store.open();
    const state = await store.look();
    const [next] = agenda(store.plan, state);
    assert.equal(next?.at.getTime(), store.clock.now().getTime() + 2 * 60_000);
    assert.equal(next?.entry.name, "page-within-two-minutes");
  });
});

describe("a release that waits for somebody", () => {
  const since = "2026-11-21T12:00:00.000Z";
  const release = (changes: object) =>
    ({
      release: "kirana-inventory-2.0.0",
      plan: { environment: "production" },
      runner: "runner:1",
      speed: 1,
      commands: [],
      ...changes,
    }) as unknown as ReleaseState;
  const held = { held: { at: since, why: "the gate error-rate holds", needsPerson: true } };

  it("is told to the ladder of a hold, from the hold's beginning on", () => {
    const waiting = waitingOf(release(held));
    assert.deepEqual([waiting?.about, waiting?.since], ["hold", since]);
    const [opened] = eventsOfWait(waiting!, release(held), undefined);
    assert.deepEqual(opened?.event === "opened" && [opened.about, opened.since, opened.summary], [
      "hold",
      since,
      "release kirana-inventory-2.0.0 waits: the gate error-rate holds",
    ]);
    const inventory = contracts.find(({ system }) => system === "kirana-inventory")!;
    assert.deepEqual(
      laddersFor("hold", inventory, "production").map(({ name }) => name),
      ["incident-escalation"],
    );
  });

  it("has been taken when somebody has said anything to it since", () => {
    const command = { at: "2026-11-21T12:04:00.000Z", by: "bob", command: "promote" };
    const state = release({ ...held, commands: [command] });
    const events = eventsOfWait(waitingOf(state)!, state, undefined);
    assert.deepEqual(
      events.map(({ event }) => event),
      ["opened", "acknowledged"],
    );
    const before = release({ ...held, commands: [{ ...command, at: "2026-11-21T11:00:00.000Z" }] });
    assert.equal(eventsOfWait(waitingOf(before)!, before, undefined).length, 1);
  });

  it("has been taken by whoever holds it by a word of his own", () => {
    const command = { at: "2026-11-21T11:59:59.000Z", by: "bob", command: "hold", reason: "I look at it" };
    const state = release({ held: { ...held.held, why: "I look at it" }, commands: [command] });
    const [, taken] = eventsOfWait(waitingOf(state)!, state, undefined);
    assert.deepEqual(taken, { event: "acknowledged", by: "bob" });
  });

  it("is one that is taken back after its end, from when somebody said so, who has it", () => {
    const reopened = { at: since, by: "bob", why: "orders are lost" };
    for (const rollback of [
      undefined,
      { at: "2026-11-21T12:00:01.000Z", by: "bob", why: "orders are lost" },
    ]) {
      const state = release({ reopened, ...(rollback && { rollback }) });
      const waiting = waitingOf(state)!;
      assert.deepEqual([waiting.about, waiting.since, waiting.why], ["rollback", since, "orders are lost"]);
      assert.deepEqual(eventsOfWait(waiting, state, undefined)[1], { event: "acknowledged", by: "bob" });
    }
    assert.equal(waitingOf(release({ reopened, ended: { outcome: "rolledBack" } })), undefined);
  });

  it("is none that goes on by itself, and none that has ended", () => {
    assert.equal(waitingOf(release({})), undefined);
    assert.equal(waitingOf(release({ held: { ...held.held, needsPerson: false } })), undefined);
    assert.equal(waitingOf(release({ ...held, ended: { outcome: "aborted" } })), undefined);
  });

  it("is told to the ladder of a rollback while all traffic goes back", () => {
    const rollback = { at: since, why: "error-rate", by: "release" };
    assert.equal(waitingOf(release({ rollback }))?.about, "rollback");
  });

  it("has a journal of its own, of which nothing else is a beginning", () => {
    assert.throws(() => incidentState([]), /no journal of an incident/);
  });
});
