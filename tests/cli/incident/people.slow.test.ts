import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { payloadOf } from "../../../attestation/dsse";
import { envelopeSchema } from "../../../attestation/trust-root";
import type { CommandContext } from "../../../cli/context";
import { closeIncident } from "../../../cli/incident/close";
import { openSession } from "../../../cli/incident/incident-session";
import { listSymptoms } from "../../../cli/incident/list-symptoms";
import { showIncidents } from "../../../cli/incident/show-status";
import { acknowledge, answerIncident } from "../../../cli/incident/tell-incident";
import { noticeWaiting } from "../../../cli/incident/watch";
import { silentProgress } from "../../../local/progress";
import type { IncidentEvent } from "../../../release/incident/events";
import { planOf, questionOf } from "../../release/plan/support/questions";
import { root } from "../../support/root";
import { incidentId as id, opened } from "./support/opened";

const on = { system: "case-management", stack: "dev" };
const told: IncidentEvent = {
  event: "told",
  entry: "incident-ladder",
  rung: 0,
  role: "on-call-engineer",
  channel: "pagerDuty",
  delivered: true,
};

/** On dev's stack file and a state folder of its own: neither cloud nor cluster is asked. */
describe("what people say to an incident", () => {
  let stateDir: string;
  let printed: string;
  let context: CommandContext;
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), "switchyard-incident-"));
    printed = "";
    context = {
      workspace: { root, dist: "", policyPack: "", stateDir },
      progress: silentProgress,
      signal: new AbortController().signal,
      out: (text) => {
        printed += text;
      },
      say: () => {},
    };
  });
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

  const begin = async (...events: readonly IncidentEvent[]) => {
    const session = openSession(context, on);
    await session.book.write(id, () => [opened, ...events]);
    return session;
  };
  const answer = (entry: string, value: string) =>
    answerIncident(context, on.system, { stack: "dev", entry, value });

  it("is taken by one of those that were told", async () => {
    const { book } = await begin(told);
    await acknowledge(context, on.system, { stack: "dev" });
    assert.notEqual((await book.read(id)).acknowledged, undefined);
  });

  it("is closed once its blocking questions are answered, with a signed record of all of it", async () => {
    const { book } = await begin(told);
    const words = { stack: "dev", rootCause: "a full disk", resolution: "it was emptied" };
    await assert.rejects(
      closeIncident(context, on.system, words),
      /not closed while these are unanswered: incident-decision .*incident-resolution/,
    );
    assert.equal((await book.read(id)).closed, undefined);
    await answer("incident-decision", "forward fix");
    await answer("incident-resolution", "the disk was emptied; production is up");
    await closeIncident(context, on.system, { ...words, postMortemBy: "2026-12-01" });
    const { closed, followUps } = await book.read(id);
    assert.deepEqual(
      followUps.map(({ name, dueAt }) => [name, dueAt]),
      [["post-mortem", "2026-12-01T00:00:00.000Z"]],
    );
    const text = readFileSync(join(stateDir, "records", closed!.record!), "utf8");
    const statement = JSON.parse(payloadOf(envelopeSchema.parse(JSON.parse(text))).toString("utf8"));
    const { predicate } = statement;
    assert.deepEqual(
      [predicate.rootCause, predicate.resolution, predicate.symptom],
      ["a full disk", "it was emptied", "production-down"],
    );
    for (const statementId of ["CAS-097", "CAS-100", "CAS-109"])
      assert.ok(predicate.statements.includes(statementId));
    assert.ok(predicate.unanswered.includes("incident-root-cause"));
    assert.equal(predicate.answers["incident-decision"], "forward fix");
  });

  it("answers its post-mortem after it is closed, and nothing else", async () => {
    await begin(told);
    await answer("incident-decision", "rollback");
    await answer("incident-resolution", "rolled back; it is up");
    const words = { rootCause: "a bug", resolution: "rolled back", postMortemBy: "2026-12-01" };
    await closeIncident(context, on.system, { stack: "dev", ...words });
    await assert.rejects(answer("incident-root-cause", "a bug"), /is closed/);
    await answer("post-mortem", "wiki/42");
    await assert.rejects(acknowledge(context, on.system, { stack: "dev" }), /is closed/);
  });

  it("refuses an answer to what is not asked, naming what is", async () => {
    await begin(told);
    await assert.rejects(answer("why", "because"), (error: Error & { mend?: string }) => {
      assert.match(error.message, /asks no question why/);
      return error.mend?.includes("incident-root-cause") === true;
    });
  });

  it("shows where it stands, with the commands that go on, and the same for machines", async () => {
    await begin(told, {
      ...told,
      rung: 1,
      role: "cto",
      channel: "phone",
      delivered: false,
      why: "no phone here",
    });
    await showIncidents(context, on.system, { stack: "dev", format: "text" });
    assert.match(printed, /nobody has taken it: npx switchyard incident ack case-management/);
    assert.match(printed, /to be told by hand: cto by phone/);
    printed = "";
    await showIncidents(context, undefined, { stack: "dev", format: "json" });
    const [document] = JSON.parse(printed);
    assert.deepEqual([document.incident, document.toTellByHand[0].role], [id, "cto"]);
  });

  it("lists what each runbook knows", () => {
    for (const system of [
      "kirana-inventory",
      "tesoro-xp",
      "kirana-store",
      "retail-agentic",
      "case-management",
    ]) {
      printed = "";
      listSymptoms(context, system, { stack: "dev", format: "json" });
      const { playbooks, ladders } = JSON.parse(printed);
      assert.ok(playbooks.length > 0 && ladders.length > 0, system);
    }
  });

  it("opens a journal for a release that waits, and closes it when the release goes on", async () => {
    const session = openSession(context, on);
    const lease = await session.store.acquire(on.system, "a-1", "test");
    const journal = session.store.open(on.system, "a-1", lease);
    const plan = JSON.parse(JSON.stringify(planOf(questionOf("case-management", { environment: "dev" }))));
    await journal.append({ kind: "started", format: 1, release: "a-1", by: "ana", plan });
    await noticeWaiting(session);
    assert.deepEqual(await session.book.open(), []);
    await journal.append({ kind: "held", why: "a gate holds", needsPerson: true });
    await noticeWaiting(session);
    await noticeWaiting(session);
    const [waiting, ...others] = await session.book.open();
    assert.deepEqual([waiting?.opened.about, waiting?.opened.release, others.length], ["hold", "a-1", 0]);
    await journal.append({ kind: "goesOn", by: "ana", why: "it is well" });
    await noticeWaiting(session);
    assert.deepEqual(await session.book.open(), []);
    await lease.leave();
  });
});
