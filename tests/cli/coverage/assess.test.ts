import assert from "node:assert/strict";
import { assessCoverage } from "../../../cli/coverage/assess";
import type { Statement } from "../../../cli/coverage/catalogue";
import type { Rule } from "../../../policies/rule";
import { resourceRule } from "../../../policies/rule";
import { passed } from "../../../policies/verdict";
import type { Contract, Entry } from "../../../runbooks/vocabulary";

const statement = (id: string, enforce: Statement["enforce"] = "gate"): Statement => ({
  id,
  kind: "gate",
  text: `what ${id} says`,
  when: "deployment",
  enforce,
});

const rule = (name: string, ids: Rule["ids"]): Rule =>
  resourceRule({
    name,
    topic: "web",
    displayName: name,
    description: name,
    severity: "high",
    ids,
    remediationSteps: "-",
    types: "*",
    evaluate: () => passed,
  });

const head = { on: ["production" as const], during: ["always" as const] };
const declared = (name: string, ids: Rule["ids"], rules: string[]): Entry => ({
  ...head,
  word: "declared",
  name,
  title: `title of ${name}`,
  ids: [...ids],
  rules,
});
const asked = (name: string, ids: Rule["ids"]): Entry => ({
  ...head,
  word: "manual",
  name,
  title: `title of ${name}`,
  ids: [...ids],
  role: "deployment-lead",
  question: "Is it so?",
  answer: "yesNo",
  blocking: true,
});

function assess(statements: readonly Statement[], entries: readonly Entry[], rules: readonly Rule[] = []) {
  const contracts: readonly Contract[] = [{ system: "kirana-inventory", entries, watchSeconds: 3600 }];
  return assessCoverage({ statements, contracts, rules: new Map(rules.map((each) => [each.name, each])) });
}

describe("coverage of the runbooks", () => {
  it("is enforced where a rule of the pack holds the stack to it, with the rule and its test", () => {
    const report = assess(
      [statement("KIR-001", "declared")],
      [declared("site", ["KIR-001"], ["web-https-only"])],
      [rule("web-https-only", ["KIR-001"])],
    );
    assert.deepEqual(report.faults, []);
    assert.deepEqual([report.total, report.executed, report.enforced, report.awaiting], [1, 1, 1, 0]);
    const [covered] = report.statements;
    assert.equal(covered?.executor, "policy pack: web-https-only");
    assert.match(covered?.test ?? "", /mutations\.slow\.test\.ts: KIR-001 \(site\)/);
  });

  it("waits for the release engine where only a release can run it, and does not count as executed", () => {
    const report = assess([statement("KIR-001", "manual")], [asked("go", ["KIR-001"])]);
    assert.deepEqual(report.faults, []);
    assert.deepEqual([report.executed, report.awaiting], [0, 1]);
    assert.equal(report.statements[0]?.status, "awaiting the release engine");
  });

  it("is asked, or enforced, where the planner has a place for the entry", () => {
    const during = { during: ["prepare" as const] };
    const record: Entry = {
      ...head,
      word: "record",
      name: "written",
      title: "written down",
      ids: ["KIR-002"],
      kind: "history",
      fields: ["version"],
      by: "release",
    };
    const report = assess(
      [statement("KIR-001", "manual"), statement("KIR-002", "step")],
      [
        { ...asked("go", ["KIR-001"]), ...during },
        { ...record, ...during },
      ],
    );
    assert.deepEqual(
      report.statements.map(({ status, executor }) => [status, executor]),
      [
        ["asked", "release engine: question"],
        ["enforced", "release engine: record"],
      ],
    );
  });

  it("is asked where an incident can walk the playbook, and awaits whoever can where nothing can ask its questions", () => {
    const playbook = (query: string): Entry => ({
      ...head,
      word: "playbook",
      name: "slow",
      title: "Answers are slow",
      ids: ["KIR-001"],
      during: ["incident"],
      symptom: "slow",
      condition: "Answers are slow",
      diagnostics: [{ title: "How many pods are there?", source: "kubernetes", query }],
      offers: [],
    });
    const statusOf = (query: string) => {
      const report = assess([statement("KIR-001", "manual")], [playbook(query)]);
      assert.deepEqual(report.faults, []);
      return [report.statements[0]?.status, report.executed, report.awaiting];
    };
    assert.deepEqual(statusOf("pods of namespace shop"), ["asked", 1, 0]);
    assert.deepEqual(statusOf("whatever is broken"), ["awaiting the release engine", 0, 1]);
  });

  it("is enforced where a ladder climbs by itself, and awaits whoever climbs one of a moment that nothing watches", () => {
    const ladder = (during: "incident" | "rolled-back"): Entry => ({
      ...head,
      word: "escalation",
      name: "ladder",
      title: "Whoever is on call hears of it",
      ids: ["KIR-001"],
      during: [during],
      condition: "An incident",
      ladder: [{ afterMinutes: 0, role: "on-call-engineer", channel: "phone" }],
    });
    const statuses = (["incident", "rolled-back"] as const).map(
      (during) => assess([statement("KIR-001", "notify")], [ladder(during)]).statements[0]?.status,
    );
    assert.deepEqual(statuses, ["enforced", "awaiting the release engine"]);
  });

  const during = { during: ["watch" as const] };
  const target = (blocking: boolean): Entry => ({
    ...head,
    ...during,
    word: "target",
    name: "watched",
    title: "It is watched for an hour",
    ids: ["KIR-001"],
    span: { from: "deploy", to: "watch" },
    atLeastSeconds: 3600,
    blocking,
  });
  const gate = (onBreach: "report" | "hold"): Entry => ({
    ...head,
    ...during,
    word: "checkGate",
    name: "answers",
    title: "It answers",
    ids: ["KIR-001"],
    check: { provider: "release", expects: "candidateServed" },
    expectation: "an answer",
    timeoutSeconds: 5,
    attempts: 1,
    onBreach,
  });
  type WindowRule = Extract<Entry, { word: "window" }>["rule"];
  const hours = (kind: "allowed" | "preferred" | "avoided" | "forbidden"): WindowRule => ({
    kind,
    days: ["Sun"],
    from: "02:00",
    to: "06:00",
  });
  const freeze = (blocks: boolean): WindowRule => ({
    kind: "freeze",
    on: "blackFriday",
    daysBefore: 0,
    daysAfter: 0,
    blocks,
  });
  const window = (...rules: readonly WindowRule[]): Entry => ({
    ...head,
    during: ["scheduled"],
    word: "window",
    name: "hours",
    title: "When it may be released",
    ids: ["KIR-001"],
    timeZone: "UTC",
    rule: rules[0]!,
    ...(rules.length > 1 && { also: rules.slice(1) }),
  });
  const byPerson: Entry = {
    ...head,
    during: ["follow-up"],
    word: "record",
    name: "post-mortem",
    title: "It is written up",
    ids: ["KIR-001"],
    releases: ["emergency"],
    kind: "postMortem",
    fields: ["reason"],
    by: "person",
    role: "deployment-lead",
  };
  const held: readonly (readonly [string, Entry, string])[] = [
    ["a target that blocks", target(true), "enforced"],
    ["a target that does not block", target(false), "reported"],
    ["a gate that holds", gate("hold"), "enforced"],
    ["a gate whose breach is reported", gate("report"), "reported"],
    ["a window outside of which nothing starts", window(hours("allowed")), "enforced"],
    ["hours that are only preferred", window(hours("preferred")), "reported"],
    ["hours that are only avoided", window(hours("avoided")), "reported"],
    ["hours of which some are forbidden", window(hours("avoided"), hours("forbidden")), "enforced"],
    ["a freeze that blocks", window(freeze(true)), "enforced"],
    ["a freeze that only warns", window(freeze(false)), "reported"],
    ["a record that a person writes", byPerson, "asked"],
  ];
  for (const [what, entry, status] of held) {
    it(`calls ${what} ${status}`, () => {
      const report = assess([statement("KIR-001")], [entry]);
      assert.deepEqual(report.faults, []);
      assert.deepEqual([report.statements[0]?.status, report.executed], [status, 1]);
      const counts = [report.enforced, report.evidenced, report.asked, report.reported];
      assert.equal(
        counts.reduce((sum, count) => sum + count),
        1,
      );
    });
  }

  it("is evidenced where a signed statement is demanded", () => {
    const evidence: Entry = {
      ...head,
      word: "evidence",
      name: "unit-tests",
      title: "unit tests pass",
      ids: ["KIR-001"],
      predicate: "test-run",
      subject: "commit",
      producer: "ci",
      requires: [{ field: "failed", operator: "equals", value: 0 }],
      maximumAgeHours: 24,
    };
    const report = assess([statement("KIR-001", "evidence")], [evidence]);
    assert.deepEqual(report.faults, []);
    assert.deepEqual([report.executed, report.enforced, report.evidenced], [1, 0, 1]);
  });

  it("goes by the replacement where the original is superseded", () => {
    const superseded = (...by: string[]): Entry => ({
      ...head,
      word: "superseded",
      name: "by-hand",
      title: "scaled by hand",
      ids: ["KIR-001"],
      by,
      reason: "Nobody scales by hand any more.",
      owner: "architecture: who owns what",
    });
    const byRule = assess([statement("KIR-001")], [superseded("rule:no-scaling")], [rule("no-scaling", [])]);
    assert.equal(byRule.statements[0]?.status, "enforced");
    const both = [superseded("go", "rule:no-scaling"), asked("go", [])];
    const ofRelease = assess([statement("KIR-001", "step")], both, [rule("no-scaling", [])]);
    assert.equal(ofRelease.statements[0]?.status, "awaiting the release engine");
    const ofStack = assess([statement("KIR-001", "declared")], both, [rule("no-scaling", [])]);
    assert.equal(ofStack.statements[0]?.status, "enforced");
    const byEntry = assess([statement("KIR-001")], [superseded("go"), asked("go", [])]);
    assert.equal(byEntry.statements[0]?.status, "awaiting the release engine");
  });

  const faults: readonly (readonly [string, ReturnType<typeof assess>, RegExp])[] = [
    [
      "an id that is not in the catalogue",
      assess([], [asked("go", ["KIR-999"])]),
      /KIR-999 .* not in the catalogue/,
    ],
    [
      "an id with two owners",
      assess([statement("KIR-001")], [asked("go", ["KIR-001"]), asked("again", ["KIR-001"])]),
      /KIR-001 has 2 owners: .*go and .*again/,
    ],
    [
      "a statement that nobody carries",
      assess([statement("KIR-001")], []),
      /KIR-001 has no entry: what KIR-001 says/,
    ],
    [
      "another system's statement",
      assess([statement("TES-001")], [asked("go", ["TES-001"])]),
      /TES-001 is a statement of tesoro-xp/,
    ],
    [
      "a rule that the pack does not have",
      assess([statement("KIR-001", "policy")], [declared("site", ["KIR-001"], ["no-such-rule"])]),
      /names the rule no-such-rule/,
    ],
    [
      "a rule that is not for the statement",
      assess(
        [statement("KIR-001", "policy")],
        [declared("site", ["KIR-001"], ["web"])],
        [rule("web", ["KIR-002"])],
      ),
      /no rule of site is for KIR-001/,
    ],
    [
      "an unknown field",
      assess([statement("KIR-001")], [{ ...asked("go", ["KIR-001"]), colour: "red" } as unknown as Entry]),
      /go: .*colour/,
    ],
    [
      "a statement that stands twice",
      assess([statement("KIR-001"), statement("KIR-001")], [asked("go", ["KIR-001"])]),
      /KIR-001 stands twice in the catalogue/,
    ],
    [
      "two entries of one name",
      assess(
        [statement("KIR-001"), statement("KIR-002")],
        [asked("go", ["KIR-001"]), asked("go", ["KIR-002"])],
      ),
      /two entries are called go/,
    ],
  ];
  for (const [what, report, message] of faults) {
    it(`says ${what}`, () => {
      assert.ok(
        report.faults.some((fault) => message.test(fault)),
        report.faults.join("\n"),
      );
    });
  }

  it("names the test by all the statements that are in its title", () => {
    const entry = { ...declared("site", ["KIR-001"], ["web"]), supports: ["KIR-002" as const] };
    const report = assess([statement("KIR-001")], [entry as Entry], [rule("web", ["KIR-001"])]);
    assert.equal(
      report.statements[0]?.test,
      "tests/policies/mutations.slow.test.ts: KIR-001, KIR-002 (site)",
    );
  });

  it("calls a statement whose rule is missing not carried", () => {
    const report = assess([statement("KIR-001", "declared")], [declared("site", ["KIR-001"], ["missing"])]);
    assert.equal(report.statements[0]?.status, "not carried");
    assert.equal(report.executed, 0);
  });
});
