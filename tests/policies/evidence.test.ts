import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { signPayload } from "../../attestation/dsse";
import { fileSigner } from "../../attestation/keys";
import { statementPayloadType } from "../../attestation/statement";
import { countingKinds, holds, missingEvidence } from "../../policies/evidence/judge";
import { evidence } from "../../policies/evidence/rule";
import {
  EvidenceError,
  type EvidenceItem,
  evidenceFileName,
  evidenceStatement,
  parseEvidence,
} from "../../policies/evidence/statement";
import type { RuleConfig } from "../../policies/rule";
import type { RunSettings } from "../../policies/run/run-settings";
import { contracts } from "../../runbooks/contracts";
import type { PredicateName } from "../../runbooks/vocabulary";
import { type Evidence, evidenceSchema } from "../../runbooks/vocabulary/people";
import { now, type Person, person, runIn } from "./support/signed-run";

const ci = person("ci", ["pipeline"], "ci");
const lead = person("lead", ["lead-engineer"]);
const filer = person("filer", ["lead-engineer"], "file");
const people = [ci, lead, filer];
const [mine, other] = ["a".repeat(64), "b".repeat(64)];

const tests = evidenceSchema.parse({
  word: "evidence",
  name: "backend-tests",
  title: "All tests of the backend pass.",
  ids: ["KIR-9"],
  on: ["staging", "production"],
  during: ["prepare"],
  predicate: "test-run",
  subject: "component",
  component: "backend",
  producer: "ci",
  requires: [
    { field: "suite", operator: "equals", value: "backend" },
    { field: "failed", operator: "equals", value: 0 },
    { field: "coveragePercent", operator: "greaterThan", value: 80 },
  ],
  maximumAgeHours: 24,
}) satisfies Evidence;
const good = { suite: "backend", failed: 0, coveragePercent: 91 };

interface Made {
  readonly predicate?: PredicateName;
  readonly system?: string;
  readonly what?: string;
  readonly digest?: string;
  readonly fields?: Record<string, unknown>;
  readonly hoursAgo?: number;
  readonly by?: Person;
}

async function textOf({
  predicate = "test-run",
  system = "kirana-inventory",
  what = "backend",
  digest = mine,
  fields = good,
  hoursAgo = 1,
  by = ci,
}: Made = {}): Promise<string> {
  const at = new Date(now.getTime() - hoursAgo * 3_600_000);
  const statement = evidenceStatement(predicate, { system, what, digest }, fields, at);
  const payload = Buffer.from(JSON.stringify(statement));
  return JSON.stringify(await signPayload(statementPayloadType, payload, [fileSigner(by.key.privatePem)]));
}

async function items(...made: Made[]): Promise<EvidenceItem[]> {
  const texts = await Promise.all(made.map(textOf));
  return texts.map((text) => parseEvidence(text, evidenceFileName(text)));
}

describe("a piece of evidence", () => {
  const answer = async (
    made: readonly Made[],
    change: Partial<Evidence> = {},
    question: {
      environment?: "staging" | "production";
      candidate?: Record<string, string>;
      begins?: boolean;
    } = {},
  ) => {
    const { run, remove } = await runIn({ people });
    const root = await run.trustRoot();
    remove();
    return missingEvidence({ ...tests, ...change }, await items(...made), {
      system: "kirana-inventory",
      environment: "production",
      now,
      root,
      ...question,
    });
  };

  it("that CI signed for the candidate meets its entry", async () => {
    assert.equal(await answer([{}]), undefined);
    assert.equal(await answer([{}], {}, { candidate: { backend: `sha256:${mine}` } }), undefined);
    assert.equal(await answer([{}], {}, { candidate: { frontend: other } }), undefined);
  });

  it("that was due hours before a release must be as old when that begins, and only then", async () => {
    const due = { dueHoursBefore: 48, maximumAgeHours: 96 };
    assert.match(
      (await answer([{ hoursAgo: 47 }], due, { begins: true })) ?? "",
      /^late: it is 47 hours old and was due 48 hours before the release/,
    );
    assert.equal(await answer([{ hoursAgo: 49 }], due, { begins: true }), undefined);
    assert.equal(await answer([{ hoursAgo: 1 }], due), undefined);
  });

  const missing: readonly (readonly [string, readonly Made[], RegExp, Partial<Evidence>?])[] = [
    [
      "that is not there is missing",
      [],
      /^missing: no signed test-run of kirana-inventory\/backend \(suite backend\)/,
    ],
    ["of another system is missing", [{ system: "kirana-store" }], /^missing/],
    ["of another component is missing", [{ what: "frontend" }], /^missing/],
    ["of another suite is missing", [{ fields: { ...good, suite: "smoke" } }], /^missing/],
    ["of another kind is missing", [{ predicate: "scan", fields: { tool: "x" } }], /^missing/],
    ["that is too old has expired", [{ hoursAgo: 25 }], /^expired: it is 25 hours old, 24 are allowed/],
    [
      "that is too fresh has not stood",
      [{}],
      /^too fresh: it is 1 hours old .* 48/,
      { minimumAgeHours: 48, maximumAgeHours: 96 },
    ],
    ["of the future is refused", [{ hoursAgo: -1 }], /yet to come/],
    ["by a stranger is unsigned", [{ by: person("mallory", ["pipeline"], "ci") }], /^unsigned/],
    [
      "by a person in place of CI does not count",
      [{ by: lead }],
      /a kind that does not count here; allowed: ci/,
    ],
    [
      "by somebody without the role does not count",
      [{}],
      /signed by ci, who has none of the roles release-manager/,
      { signedBy: ["release-manager"] },
    ],
    [
      "whose number misses is not met",
      [{ fields: { ...good, coveragePercent: 80 } }],
      /^not met: coveragePercent greaterThan 80, found 80/,
    ],
    [
      "that leaves a field out is not met",
      [{ fields: { suite: "backend", failed: 0 } }],
      /coveragePercent greaterThan 80, found not stated/,
    ],
  ];
  for (const [what, made, message, change] of missing) {
    it(what, async () => assert.match((await answer(made, change)) ?? "met", message));
  }

  it("of another candidate is foreign", async () => {
    const message = await answer([{ digest: other }], {}, { candidate: { backend: mine } });
    assert.match(message ?? "met", /^foreign: it is about bbbbbbbbbbbb…, not about the candidate's backend/);
  });

  it("is told by the one that comes closest, and one that meets is enough", async () => {
    const bad = [{ by: lead }, { fields: { ...good, failed: 3 } }, { hoursAgo: 99 }];
    assert.match((await answer(bad)) ?? "met", /^not met: failed equals 0, found 3/);
    assert.equal(await answer([...bad, {}]), undefined);
  });

  it("that a release finished counts until a later one says that it was rolled back, of the same manifest", async () => {
    const entry: Partial<Evidence> = {
      predicate: "staging-release",
      subject: "manifest",
      component: undefined,
      requires: [
        { field: "finished", operator: "equals", value: true },
        { field: "environment", operator: "equals", value: "staging" },
      ],
    };
    const of = (finished: boolean, hoursAgo: number, more: Partial<Made> = {}): Made => ({
      predicate: "staging-release",
      what: "manifest",
      fields: { manifest: `sha256:${mine}`, finished, environment: "staging" },
      hoursAgo,
      ...more,
    });
    assert.equal(await answer([of(true, 5)], entry), undefined);
    assert.match(
      (await answer([of(true, 5), of(false, 2)], entry)) ?? "met",
      /^taken back: .* rolled back at/,
    );
    assert.match((await answer([of(false, 2), of(true, 5)], entry)) ?? "met", /^taken back/);
    assert.equal(await answer([of(true, 5), of(false, 2), of(true, 1)], entry), undefined, "released again");
    assert.equal(await answer([of(true, 5), of(false, 2, { digest: other })], entry), undefined);
    const mallory = person("mallory", ["pipeline"], "ci");
    assert.equal(await answer([of(true, 5), of(false, 2, { by: mallory })], entry), undefined);
  });

  it("with a key in a file counts outside production", async () => {
    const change: Partial<Evidence> = { producer: "person", signedBy: ["lead-engineer"] };
    assert.match((await answer([{ by: filer }], change)) ?? "met", /allowed: keyVault/);
    assert.equal(await answer([{ by: filer }], change, { environment: "staging" }), undefined);
    assert.ok(!countingKinds("ci", "production").includes("file"));
  });
});

describe("a requirement", () => {
  it("is never met by what is absent or of another type", () => {
    const cases = [
      ["equals", 0, "0"],
      ["notEquals", "x", 1],
      ["atLeast", 1, "1"],
      ["contains", "a", { a: 1 }],
      ["exists", undefined, null],
      ["exists", undefined, ""],
    ] as const;
    for (const [operator, value, stated] of cases) {
      const requirement = { field: "f", operator, ...(value !== undefined && { value }) };
      assert.ok(!holds(requirement, { f: stated }), operator);
      assert.ok(!holds(requirement, {}), operator);
    }
    assert.ok(holds({ field: "f", operator: "contains", value: "a" }, { f: ["a"] }));
    assert.ok(holds({ field: "f", operator: "atMost", value: 2 }, { f: 2 }));
  });
});

describe("a file of evidence", () => {
  const refused = async (text: string, message: RegExp) =>
    assert.throws(
      () => parseEvidence(text, "x"),
      (error: unknown) => error instanceof EvidenceError && message.test(error.message),
    );

  it("that is cut off or of another type is refused", async () => {
    const text = await textOf();
    await refused(text.slice(0, 50), /cut off/);
    await refused(text.replace(statementPayloadType, "text/plain"), /its type is text\/plain/);
    await refused("{}", /the envelope/);
  });

  it("with an unknown kind, a foreign field, or another name is not even made", () => {
    const subject = { system: "kirana-inventory", what: "backend", digest: mine };
    const make = (predicate: string, fields: object, what = "backend") =>
      evidenceStatement(predicate as PredicateName, { ...subject, what }, { ...fields }, now);
    assert.throws(() => make("gossip", {}), /unknown/);
    assert.throws(() => make("scan", { mood: "good" }), /scan has no mood/);
    assert.throws(() => make("scan", {}, "Back End"), /SYSTEM\/COMPONENT/);
  });
});

describe("the rule on evidence", () => {
  const component = "urn:pulumi:staging::switchyard::switchyard:systems:KiranaInventory::kirana-inventory";
  const at = { urn: component, type: "switchyard:systems:KiranaInventory" };
  const stack = {
    urn: "urn:pulumi:staging::switchyard::pulumi:pulumi:Stack::switchyard-staging",
    type: "pulumi:pulumi:Stack",
  };

  async function judged(
    texts: readonly string[] | undefined,
    {
      settings = {},
      config = {},
      extra = {},
    }: {
      settings?: Partial<RunSettings>;
      config?: RuleConfig;
      extra?: Record<string, string>;
    } = {},
  ): Promise<{ atStack: string[]; atSystem: string[] }> {
    const { run, folder, remove } = await runIn({
      people,
      settings: { evidence: texts && { location: "evidence" }, ...settings },
    });
    try {
      mkdirSync(join(folder, "evidence"));
      for (const text of texts ?? []) writeFileSync(join(folder, "evidence", evidenceFileName(text)), text);
      for (const [name, text] of Object.entries(extra)) writeFileSync(join(folder, "evidence", name), text);
      const messages = async (place: typeof at) => {
        const judgement = await evidence.evaluate(place, run, config);
        return judgement.applies ? judgement.findings.map(({ message }) => message) : [judgement.reason];
      };
      return { atStack: await messages(stack), atSystem: await messages(at) };
    } finally {
      remove();
    }
  }
  const entries = contracts.find(({ system }) => system === "kirana-inventory")?.entries ?? [];
  const asked = entries.filter(({ word, on }) => word === "evidence" && on.includes("staging")).length;

  it("says once that nothing is configured, and nothing of that in dev unless a release asks", async () => {
    const { atStack, atSystem } = await judged(undefined);
    assert.equal(atStack.length, 1);
    assert.match(atStack[0] ?? "", /set switchyard:evidence/);
    assert.match(atSystem.join(), /that is said at the stack/);
    const dev = { settings: { stack: "dev" } };
    assert.deepEqual((await judged(undefined, dev)).atStack, ["dev keeps no evidence"]);
    const release = { ...dev, config: { system: "kirana-inventory" } };
    assert.match((await judged(undefined, release)).atStack.join(), /set switchyard:evidence/);
  });

  it("asks for every entry of the system's contract that holds in the environment", async () => {
    const { atStack, atSystem } = await judged([]);
    assert.deepEqual(atStack, []);
    assert.ok(asked > 5);
    assert.equal(atSystem.length, asked);
    assert.ok(atSystem.some((message) => /^backend-tests: missing: .*\[KIR-009\]$/.test(message)));
  });

  it("asks no more for what is signed", async () => {
    const fields = { ...good, passed: 12 };
    const { atSystem } = await judged([await textOf({ fields })]);
    assert.equal(atSystem.length, asked - 1);
    assert.ok(!atSystem.some((message) => message.startsWith("backend-tests:")));
    const config = { candidate: { backend: other } };
    const foreign = await judged([await textOf({ fields })], { config });
    assert.ok(foreign.atSystem.some((message) => message.startsWith("backend-tests: foreign")));
  });

  it("leaves other systems alone in the run of a release", async () => {
    const { atSystem } = await judged([], { config: { system: "kirana-store" } });
    assert.deepEqual(atSystem, ["this run is about kirana-store"]);
  });

  it("names each file that is no evidence, and each reason that nothing can be verified", async () => {
    const text = await textOf();
    const { atStack } = await judged([], {
      extra: { "half.dsse.json": text.slice(0, 20), "renamed.dsse.json": text, "README.md": "not looked at" },
    });
    assert.equal(atStack.length, 2);
    assert.match(atStack.join("\n"), /malformed: half\.dsse\.json: it is not called after/);
    const trustless = await judged([text], { settings: { trustRoot: undefined } });
    assert.match(trustless.atStack.join(), /no trust root is configured/);
    assert.match(trustless.atSystem.join(), /nothing can be verified/);
  });

  it("reads a container's copy, and says what to do without one", async () => {
    const location = "https://kirana.blob.core.windows.net/evidence";
    const { atStack } = await judged([], { settings: { evidence: { location } } });
    assert.match(atStack.join(), /copy it to a folder .*SWITCHYARD_EVIDENCE_DIR/);
    const gone = await judged([], { settings: { evidence: { location }, evidenceFolder: "/nowhere" } });
    assert.match(gone.atStack.join(), /\/nowhere cannot be read/);
    const malformed = await judged([], { settings: { evidence: { folder: "x" } } });
    assert.match(malformed.atStack.join(), /switchyard:evidence: .*/);
  });
});
