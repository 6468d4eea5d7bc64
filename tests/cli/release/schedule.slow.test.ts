import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command } from "commander";
import { releaseCommand } from "../../../cli/commands/release";
import { backendFolder } from "../../../cli/engine/environment";
import { checkpointFile } from "../../../cli/engine/file-stack";
import { Refused, UsageError } from "../../../cli/exit";
import { journalStoreOf } from "../../../cli/release/journal-store";
import { announce, announceMove } from "../../../cli/release/schedule";
import {
  noteBegun,
  scheduledOn,
  timeOf,
  withAnnounced,
  withScheduledSoon,
} from "../../../cli/release/scheduled";
import { silentProgress } from "../../../local/progress";
import { UserError } from "../../../local/user-error";
import { systemClock } from "../../../release/engine/system-clock";
import type { VerifiableStore } from "../../../release/journal/verifiable-store";
import { outboxFile } from "../../../release/messages/outbox";
import type { Plan } from "../../../release/plan/plan";
import { ScheduleBook } from "../../../release/schedule/book";
import { contractPlan } from "../../release/engine/support/plans";
import { infrastructurePlan } from "../../release/plan/support/infrastructure";
import { factsOf } from "../../release/plan/support/questions";
import { plain } from "../../release/schedule/support";
import { RecordsProject } from "../records/support";

const id = "scheduled-20261010-120000-0001";

describe("release schedule", () => {
  let project: RecordsProject;
  let store: VerifiableStore;
  let book: ScheduleBook;
  let printed: string;
  let said: string;
  beforeEach(() => {
    project = new RecordsProject();
    store = journalStoreOf({ workspace: project.workspace, stack: "dev", user: {} });
    book = new ScheduleBook(store, "kirana-store", "test:1", systemClock());
    printed = "";
  });
  afterEach(() => project.remove());

  /** A release of production's contract so many hours from now. */
  const inHours = (hours: number): Plan => ({
    ...contractPlan("kirana-store", "production"),
    startsAt: new Date(Date.now() + hours * 3_600_000).toISOString(),
  });

  async function begin(hours: number): Promise<Plan> {
    const plan = inHours(hours);
    await book.begin({ event: "planned", schedule: id, by: "ana", plan: plain(plan) });
    return plan;
  }

  function contextOf() {
    printed = "";
    said = "";
    return {
      workspace: project.workspace,
      progress: silentProgress,
      signal: new AbortController().signal,
      out: (text: string) => {
        printed += text;
      },
      say: (line: string) => {
        said += `${line}\n`;
      },
    };
  }

  const session = () => ({ context: contextOf(), stack: "dev", store, by: "ana" });

  async function release(...argv: string[]): Promise<string> {
    const context = contextOf();
    const program = new Command("switchyard").exitOverride().addCommand(releaseCommand(context));
    const schedule = program.commands[0]!.commands.find((one) => one.name() === "schedule")!;
    schedule.exitOverride().configureOutput({ writeErr: () => {} });
    await program.parseAsync(["release", ...argv], { from: "user" });
    return printed;
  }

  const usage = (words: RegExp) => (error: Error) => error instanceof UsageError && words.test(error.message);
  const fault = (words: RegExp) => (error: Error) => error instanceof UserError && words.test(error.message);

  it("lists what is scheduled, who is told when, and that a person starts it", async () => {
    assert.equal(await release("schedule"), "nothing is scheduled on dev\n");
    const plan = await begin(72);
    const text = await release("schedule", "--list");
    assert.match(
      text,
      new RegExp(`^kirana-store 1.0.1 on dev: scheduled for ${plan.startsAt}, by ana, at .* \\(${id}\\)\n`),
    );
    assert.match(text, /a person starts it then: npx switchyard release start kirana-store --to MANIFEST\n/);
    assert.match(text, /24 hours before: customers are told of the maintenance \(mail\): due at 20/);
    const { scheduled } = JSON.parse(await release("schedule", "kirana-store", "--format", "json"));
    assert.deepEqual(
      scheduled.map((one: { due: { entry: string; as: string }[] }) =>
        one.due.map(({ entry, as }) => [entry, as]),
      ),
      [[["customers-announcement", "ahead"]]],
    );
  });

  it("keeps what is planned for a time to come, and refuses what can no longer be told in time", async () => {
    const late = announce(session(), "kirana-store", { plan: inHours(20) });
    await assert.rejects(
      late,
      (error: Error) => error instanceof Refused && /cannot be released/.test(error.message),
    );
    assert.match(
      said,
      /^not-announced: "24 hours before.*\n {2}npx switchyard release schedule kirana-store/m,
    );
    assert.equal(await book.open(), undefined);

    await announce(session(), "kirana-store", { plan: inHours(72) }, 40);
    assert.match(printed, /^kirana-store 1.0.1 on dev: scheduled for /);
    const open = await book.open();
    assert.deepEqual([open?.requestsPerSecond, open?.times.length], [40, 1]);
    await assert.rejects(
      announce(session(), "kirana-store", { plan: inHours(96) }),
      /is scheduled for .* already/,
    );
  });

  it("is of infrastructure alone as well, started by its type, and named so by whoever releases code", async () => {
    const startsAt = new Date(Date.now() + 72 * 3_600_000).toISOString();
    const xp = new ScheduleBook(store, "tesoro-xp", "test:1", systemClock());
    await announce(session(), "tesoro-xp", { plan: { ...infrastructurePlan(), startsAt } });
    assert.ok(
      printed.startsWith(`the infrastructure of tesoro-xp on dev: scheduled for ${startsAt}, by ana`),
      printed,
    );
    assert.match(printed, /npx switchyard release start tesoro-xp --type infrastructure\n/);
    const { plan, ...state } = (await xp.open())!;
    const meant = { manifestDigest: "sha256:other", types: plan.types };
    const when = { given: undefined, starts: true };
    assert.equal(timeOf({ ...state, plan }, meant, when)?.toISOString(), startsAt);
    assert.equal(timeOf({ ...state, plan }, { ...meant, types: ["application", "normal"] }, when), undefined);
    await assert.rejects(
      announce(session(), "tesoro-xp", { plan: { ...infrastructurePlan(), startsAt } }),
      /the infrastructure of tesoro-xp is scheduled for .* already/,
    );
    assert.match(await release("schedule", "tesoro-xp", "--cancel"), / {2}cancelled by /);
  });

  it("wants a time of what is scheduled, and a manifest of what deploys something", async () => {
    await assert.rejects(
      release("schedule", "tesoro-xp", "--type", "infrastructure"),
      (error: Error & { mend?: string }) =>
        /scheduled for a time/.test(error.message) && /--type infrastructure --at 20/.test(error.mend ?? ""),
    );
    await assert.rejects(
      release("schedule", "tesoro-xp", "--type", "full", "--at", "2026-12-01T10:00:00Z"),
      /--to <manifest>/,
    );
    await assert.rejects(release("schedule", "tesoro-xp", "--type", "infrastructure", "--list"), /--list/);
  });

  it("moves it to a time for which it is planned anew, unless that is over or too near", async () => {
    const { startsAt } = await begin(72);
    const open = (await book.open())!;
    await assert.rejects(announceMove(session(), open, { plan: inHours(-1) }), Refused);
    assert.match(said, /^not-its-time: /);
    const later = inHours(96);
    await announceMove(session(), open, { plan: later }, "the supplier is away");
    assert.ok(printed.includes(`scheduled for ${later.startsAt}, moved by ana from ${startsAt}`), printed);
    await release("schedule", "kirana-store", "--cancel");
    await assert.rejects(
      announceMove(session(), open, { plan: later }),
      /has begun or was cancelled meanwhile/,
    );
  });

  it("is shown by status, also of a system without a release, and verified as other journals are", async () => {
    await begin(72);
    assert.match(await release("status", "kirana-store"), /^kirana-store 1.0.1 on dev: scheduled for /);
    assert.equal(
      JSON.parse(await release("status", "kirana-store", "--format", "json")).scheduled.schedule,
      id,
    );
    assert.match(
      await release("verify", "kirana-store.schedule"),
      new RegExp(`^${id} {2}1 record {2}signed by `),
    );
    await assert.rejects(release("verify", "shop.schedule"), fault(/There is no system "shop"/));
  });

  it("cancels, with a reason that is kept, and frees the system for another one", async () => {
    await begin(72);
    const text = await release("schedule", "kirana-store", "--cancel", "--reason", "not now");
    assert.match(text, / {2}cancelled by .*: not now\n/);
    assert.equal(await scheduledOn(store, "kirana-store"), undefined);
    await assert.rejects(
      release("schedule", "kirana-store", "--cancel"),
      fault(/No release of kirana-store is scheduled/),
    );
  });

  it("has nothing to send while nothing is due, and says when something is", async () => {
    assert.match(await release("schedule", "--send-due"), /^0 told on dev, nothing more is due\n/);
    await begin(72);
    assert.match(await release("schedule", "--send-due"), /^0 told on dev, the next is due at 20/);
  });

  it("fails when what is due could not be told, so that whoever watches the schedule sees it", async () => {
    await begin(24.2);
    await assert.rejects(
      release("schedule", "--send-due"),
      /customers are told of the maintenance|kirana-store: /,
    );
  });

  it("tells whoever is due, once: on dev into the state folder", async () => {
    project.stackFile("dev", { "switchyard:environment": "dev" });
    const file = checkpointFile(backendFolder(project.workspace), "dev");
    mkdirSync(dirname(file), { recursive: true });
    const outputs = { kiranaStore: { release: factsOf("kirana-store") } };
    const stackOf = { urn: "urn:pulumi:dev::switchyard::pulumi:pulumi:Stack::switchyard-dev", outputs };
    const resources = [{ ...stackOf, type: "pulumi:pulumi:Stack" }];
    writeFileSync(
      file,
      JSON.stringify({
        version: 3,
        checkpoint: { stack: "dev", latest: { manifest: { time: "2026-11-21T10:00:00Z" }, resources } },
      }),
    );
    await begin(24.2);
    assert.match(await release("schedule", "--send-due"), /^1 told on dev, nothing more is due\n/);
    assert.match(await release("schedule", "--send-due"), /^0 told on dev/);
    const outbox = outboxFile(project.workspace.stateDir, "kirana-store");
    const lines = readFileSync(outbox, "utf8").trim().split("\n");
    assert.equal(lines.length, 1);
    const { release: of, channel, text } = JSON.parse(lines[0]!);
    assert.deepEqual([of, channel], [id, "mail"]);
    assert.match(text, /^Subject: Kirana Store - Scheduled Maintenance/);
    assert.match(
      await release("schedule", "kirana-store"),
      /customers are told of the maintenance \(mail\): told at 20/,
    );
  });

  it("wants one thing at a time, with what it needs", async () => {
    await assert.rejects(release("schedule", "--cancel"), usage(/Which system is it/));
    await assert.rejects(release("schedule", "shop", "--cancel"), fault(/There is no system "shop"/));
    await assert.rejects(
      release("schedule", "kirana-store", "--cancel", "--send-due"),
      /cannot be used with/,
    );
  });

  it("gives a plan of the same manifest its time, and its release what was announced", async () => {
    const plan = await begin(72);
    const scheduled = await scheduledOn(store, "kirana-store");
    const timeFor = (meant: Partial<Plan>, starts = false) =>
      timeOf(scheduled, { ...plan, ...meant }, { given: undefined, starts });
    assert.equal(timeFor({})?.toISOString(), plan.startsAt);
    assert.equal(timeFor({ manifestDigest: "sha256:1" }), undefined);
    assert.equal(timeFor({ types: ["application", "emergency"] }), undefined);
    assert.equal(timeFor({ types: ["infrastructure", "application", "normal"] }), undefined);
    const looked = withAnnounced({ plan }, scheduled, { now: new Date(), starts: false });
    assert.ok("plan" in looked && looked.plan.scheduled?.schedule === id);
    assert.match(looked.plan.warnings.join(), /release start is refused: "24 hours before/);
    assert.ok(looked.plan.steps.some(({ id }) => id === "backup/announced-start"));
    const started = withAnnounced({ plan }, scheduled, { now: new Date(), starts: true });
    assert.deepEqual("refusals" in started && started.refusals.map(({ kind }) => kind), [
      "not-its-time",
      "not-announced",
    ]);

    const begun = { ...plan, scheduled: { schedule: id, startsAt: plan.startsAt, told: {} } };
    await noteBegun(store, begun, { release: "r-1", by: "ana" }, () => {});
    assert.equal((await book.read(id)).started?.release, "r-1");
    assert.equal(await scheduledOn(store, "kirana-store"), undefined);
  });

  it("is closed by the same manifest on the emergency path, which begins now", async () => {
    const plan = await begin(72);
    const scheduled = await scheduledOn(store, "kirana-store");
    const emergency: Plan = { ...plan, types: ["application", "emergency"], reason: "broken" };
    const now = new Date();
    const started = withAnnounced({ plan: { ...emergency, startsAt: now.toISOString() } }, scheduled, {
      now,
      starts: true,
    });
    assert.ok("plan" in started);
    await noteBegun(store, started.plan, { release: "r-1", by: "ana" }, () => {});
    assert.equal(await scheduledOn(store, "kirana-store"), undefined);
    assert.match(await release("schedule", "--send-due"), /^0 told on dev, nothing more is due\n/);
  });

  it("waits for nobody when what is scheduled is an emergency: looked at for its time, started now", async () => {
    const plan: Plan = { ...inHours(72), types: ["application", "emergency"], reason: "broken" };
    await book.begin({ event: "planned", schedule: id, by: "ana", plan: plain(plan) });
    const scheduled = await scheduledOn(store, "kirana-store");
    const timeFor = (starts: boolean) => timeOf(scheduled, plan, { given: undefined, starts });
    assert.equal(timeFor(false)?.toISOString(), plan.startsAt);
    assert.equal(timeFor(true), undefined);
    const now = new Date();
    const looked = withAnnounced({ plan }, scheduled, { now, starts: false });
    assert.ok("plan" in looked);
    assert.doesNotMatch(looked.plan.warnings.join(), /waits for nobody/);
    const started = withAnnounced({ plan }, scheduled, { now, starts: true });
    assert.ok("plan" in started);
    assert.match(started.plan.warnings.join(), /the emergency path waits for nobody/);
  });

  it("is said in a plan of infrastructure alone when it is soon", async () => {
    const plan = await begin(12);
    const scheduled = await scheduledOn(store, "kirana-store");
    const planned = withScheduledSoon({ plan }, scheduled, new Date());
    assert.ok("plan" in planned);
    assert.match(planned.plan.warnings.join(), /kirana-store 1.0.1 is scheduled for .* after this begins/);
    const refused = { refusals: [{ kind: "no-stack-changes", message: "none", mend: "none" }] } as const;
    assert.deepEqual(withScheduledSoon(refused, scheduled, new Date()), refused);
  });

  it("knows of a release that began when its process ended before it was written down", async () => {
    const plan = await begin(72);
    const lease = await store.acquire("kirana-store", "r-1", "test");
    await store.open("kirana-store", "r-1", lease).append({
      kind: "started",
      format: 1,
      release: "r-1",
      by: "ana",
      plan: plain({ ...plan, scheduled: { schedule: id, startsAt: plan.startsAt, told: {} } }),
    });
    await lease.giveBack();
    assert.equal(await scheduledOn(store, "kirana-store"), undefined);
  });
});
