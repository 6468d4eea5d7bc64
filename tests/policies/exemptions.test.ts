import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parseDocument } from "yaml";
import { peopleWhoSigned } from "../../attestation/trust-root";
import { type ExemptionFields, exemptionPayloadType } from "../../policies/exemptions/exemption";
import { neverExempted } from "../../policies/exemptions/open";
import { exemptionPayload } from "../../policies/exemptions/payload";
import { useText } from "../../policies/exemptions/rules";
import { matcherOf, patternFault } from "../../policies/exemptions/urn-pattern";
import { judgeRun } from "../../policies/judge-stack";
import { rules, rulesByName } from "../../policies/registry";
import { PolicyRun } from "../../policies/run/policy-run";
import { runRules } from "../../policies/run/run-rules";
import { takeExempted } from "../../reports/exempted";
import { root } from "../support/root";
import { goldenStack } from "./support/golden-stack";
import { type FolderContent, now, person, runIn, signedEntry } from "./support/signed-run";

const alice = person("alice", ["policy-approver"]);
const bob = person("bob", ["deployment-lead"]);
const carol = person("carol", ["policy-approver"], "file");
const people = [alice, bob, carol];

const urn =
  "urn:pulumi:staging::switchyard::switchyard:systems:KiranaInventory$azure-native:web:WebApp::site";
const fields: ExemptionFields = {
  rule: "web-ftps-disabled",
  resource: "urn:pulumi:staging::switchyard::**::site",
  reason: "The supplier's importer speaks FTPS until its replacement is live.",
  owner: "bob",
  approver: "alice",
  ticket: "OPS-4711",
  created: "2026-11-01",
  expires: "2027-01-15",
};

async function ledgerOf(content: FolderContent) {
  const { run, remove } = await runIn({ people, ...content });
  try {
    const { exemptions, faults } = await run.ledger();
    return { exemptions, faults: faults.map(({ entry, message }) => `${entry}: ${message}`) };
  } finally {
    remove();
  }
}

async function faultsOf(content: FolderContent): Promise<string> {
  const { exemptions, faults } = await ledgerOf(content);
  assert.deepEqual(exemptions, [], "it exempts something all the same");
  assert.ok(faults.length > 0, "it has no fault");
  return faults.join("\n");
}

describe("an exemption", () => {
  it("that its approver signed holds on what its pattern fits", async () => {
    const { exemptions, faults } = await ledgerOf({ exemptions: [await signedEntry(fields, alice)] });
    assert.deepEqual(faults, []);
    assert.equal(exemptions[0]?.daysLeft, 55);
    assert.ok(exemptions[0]?.matches(urn));
    assert.ok(!exemptions[0]?.matches(urn.replace("staging", "production")));
  });

  it("holds on its last day, and not on the next", async () => {
    const last = { ...fields, expires: "2026-11-21" };
    assert.deepEqual((await ledgerOf({ exemptions: [await signedEntry(last, alice)] })).faults, []);
    const over = { ...fields, expires: "2026-11-20" };
    assert.match(await faultsOf({ exemptions: [await signedEntry(over, alice)] }), /expired on 2026-11-20/);
  });

  const refused: readonly (readonly [string, Partial<ExemptionFields>, RegExp])[] = [
    ["of a rule that there is not", { rule: "web-ftp-disabled" }, /no rule web-ftp-disabled/],
    ["of the rule on exemptions", { rule: "exemptions-valid" }, /no rule exemptions-valid that could/],
    ["of a critical rule on secrets", { rule: "settings-no-plain-secret" }, /never exempted/],
    ["with a pattern that is no URN", { resource: "site" }, /begins with urn:pulumi:/],
    ["with a pattern of too few parts", { resource: "urn:pulumi:staging::site" }, /parts of a URN/],
    ["with a pattern for everything", { resource: "urn:pulumi:**" }, /exempts everything/],
    [
      "with a pattern for everything of the project",
      { resource: "urn:pulumi:*::switchyard::**" },
      /exempts everything/,
    ],
    [
      "with a pattern for everything of a stack",
      { resource: "urn:pulumi:staging::switchyard::**" },
      /exempts everything: name a type or a resource/,
    ],
    ["owned by nobody of the trust root", { owner: "mallory" }, /mallory is nobody of the trust root/],
    ["with a reason of a few words", { reason: "because" }, /20 characters/],
    ["without a ticket", { ticket: "" }, /ticket/],
    ["past its cap", { expires: "2027-02-01" }, /92 days after 2026-11-01; 90 are allowed/],
    ["created tomorrow, to get around the cap", { created: "2026-11-22" }, /yet to come/],
    ["that ends before it begins", { created: "2026-11-20", expires: "2026-11-19" }, /before it was created/],
    [
      "with a date that there is not",
      { expires: "2026-11-31" },
      /expires: "2026-11-31" is no day of the calendar; write YYYY-MM-DD/,
    ],
    ["with a date of another form", { expires: "31.12.2026" }, /expires: a day is written YYYY-MM-DD/],
    ["approved by its owner", { owner: "Alice" }, /alice is its owner/],
    ["approved by its owner, with a blank after the name", { owner: "alice " }, /without blanks around it/],
    ["whose owner is the approver by name", { owner: "Name of alice" }, /signed by its owner/],
    [
      "approved by somebody else than signed it",
      { approver: "carol" },
      /signed by alice, not by its approver/,
    ],
  ];
  for (const [what, change, message] of refused) {
    it(`${what} is refused`, async () => {
      const entry = await signedEntry({ ...fields, ...change }, alice);
      assert.match(await faultsOf({ exemptions: [entry] }), message);
    });
  }

  it("with a field that nobody knows, or without one, is refused", async () => {
    const entry = await signedEntry(fields, alice);
    assert.match(await faultsOf({ exemptions: [{ ...entry, approved: true }] }), /approved/);
    const { owner: _left, ...without } = entry;
    assert.match(await faultsOf({ exemptions: [without] }), /owner/);
  });

  it("whose pattern begins with an unquoted star is refused as the YAML that it is", async () => {
    const text = "exemptions:\n  - rule: web-ftps-disabled\n    resource: **::site\n";
    assert.match(await faultsOf({ exemptions: text }), /not valid YAML: .*quote what holds a \*/);
  });

  it("that stands twice is refused", async () => {
    const entry = await signedEntry(fields, alice);
    const { exemptions, faults } = await ledgerOf({ exemptions: [entry, entry] });
    assert.equal(exemptions.length, 1);
    assert.match(faults.join(), /entry 2 \(web-ftps-disabled\): the same rule and resource/);
  });

  it("that nobody signed is refused", async () => {
    assert.match(await faultsOf({ exemptions: [fields] }), /not signed/);
    assert.match(await faultsOf({ exemptions: [{ ...fields, signatures: [] }] }), /not signed/);
  });

  it("signed by a stranger is refused", async () => {
    const mallory = person("mallory", ["policy-approver"]);
    const entry = await signedEntry(fields, mallory);
    assert.match(await faultsOf({ exemptions: [entry] }), /no signature of it is by a key of the trust root/);
  });

  it("signed by its owner, or by somebody without the role, is refused", async () => {
    const own = await signedEntry({ ...fields, owner: "carol", approver: "carol" }, carol);
    assert.match(await faultsOf({ exemptions: [own] }), /carol is its owner/);
    const byBob = await signedEntry({ ...fields, owner: "dave", approver: "bob" }, bob);
    assert.match(await faultsOf({ exemptions: [byBob] }), /does not have the role policy-approver/);
  });

  it("signed with a key in a file holds on staging, not in production", async () => {
    const entry = (stack: string) =>
      signedEntry(
        { ...fields, approver: "carol", resource: fields.resource.replace("staging", stack) },
        carol,
      );
    assert.deepEqual((await ledgerOf({ exemptions: [await entry("staging")] })).faults, []);
    const production = { exemptions: [await entry("production")], settings: { stack: "production" } };
    assert.match(await faultsOf(production), /a kind that does not count here; allowed: keyVault/);
  });

  it("needs a trust root that is there, signed and not expired", async () => {
    const exemptions = [await signedEntry(fields, alice)];
    const trust = { location: "root.json", keys: [`sha256:${"0".repeat(64)}`], threshold: 1 };
    assert.match(await faultsOf({ exemptions, people: undefined }), /no trust root is configured/);
    assert.match(await faultsOf({ exemptions, settings: { trustRoot: trust } }), /signed by 0 of the 1/);
    assert.match(
      await faultsOf({ exemptions, settings: { trustRoot: { ...trust, location: "gone.json" } } }),
      /gone\.json cannot be read/,
    );
    assert.match(await faultsOf({ exemptions, settings: { trustRoot: { location: "root.json" } } }), /keys/);
    assert.match(await faultsOf({ exemptions, settings: { projectFolder: undefined } }), /not known here/);
  });

  it("of another stack exempts nothing here, and its signature is left to that stack", async () => {
    const other = { ...fields, resource: fields.resource.replace("staging", "production") };
    const { exemptions, faults } = await ledgerOf({ exemptions: [other], people: undefined });
    assert.deepEqual([exemptions, faults], [[], []]);
    const expired = { ...other, expires: "2026-11-20" };
    assert.match(await faultsOf({ exemptions: [expired] }), /expired/);
  });

  it("breaks with any changed character of any field", async () => {
    const entry = await signedEntry(fields, alice);
    const { run, remove } = await runIn({ people });
    const trust = await run.trustRoot();
    remove();
    const signers = (changed: ExemptionFields) => {
      const payload = exemptionPayload(changed).toString("base64");
      const envelope = { payloadType: exemptionPayloadType, payload, signatures: entry.signatures };
      return peopleWhoSigned(envelope, exemptionPayloadType, trust, ["keyVault"]);
    };
    assert.equal(signers(fields).length, 1);
    const names = Object.keys(fields) as (keyof ExemptionFields)[];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        fc.constantFrom("replace", "insert", "remove"),
        (name, seed, character, how) => {
          const text = fields[name];
          const at = seed % text.length;
          const changed =
            text.slice(0, at) +
            (how === "remove" ? "" : character) +
            text.slice(how === "insert" ? at : at + 1);
          fc.pre(changed !== text);
          assert.deepEqual(signers({ ...fields, [name]: changed }), []);
        },
      ),
    );
  });
});

describe("the file of exemptions", () => {
  for (const [what, text, message] of [
    ["is no YAML", "exemptions: [", /not valid YAML/],
    ["is a list", "- rule: x", /the file/],
    ["has another key", "exemptions: []\nrules: []", /rules/],
    ["has a key twice", "exemptions: []\nexemptions: []", /not valid YAML/],
    ["holds a text for an entry", "exemptions: [all]", /entry 1/],
  ] as const) {
    it(`that ${what} is refused`, async () => assert.match(await faultsOf({ exemptions: text }), message));
  }

  it("as it is committed exempts nothing, and so is its example well formed", () => {
    const committed = join(root, "policies", "exemptions.yaml");
    assert.ok(new PolicyRun(settingsFor(committed)).exemptsNothing);
    const text = readFileSync(committed, "utf8");
    const example = text
      .split("\n")
      .filter((line) => /^# {1,}(exemptions:| {2,})/.test(line))
      .map((line) => line.slice(2))
      .join("\n");
    const [entry] = (parseDocument(example).toJS() as { exemptions: ExemptionFields[] }).exemptions;
    assert.ok(entry && rulesByName.has(entry.rule));
    assert.equal(patternFault(entry.resource), undefined);
  });

  it("that is not there exempts nothing", () => {
    assert.ok(new PolicyRun(settingsFor("/nowhere/exemptions.yaml")).exemptsNothing);
  });
});

function settingsFor(exemptionsFile: string) {
  return {
    stack: "dev",
    projectFolder: root,
    exemptionsFile,
    trustRoot: undefined,
    evidence: undefined,
    now,
  };
}

describe("a pattern of URNs", () => {
  for (const [pattern, fits] of [
    [urn, true],
    ["urn:pulumi:staging::switchyard::**::site", true],
    ["urn:pulumi:staging::*::**::s*e", true],
    ["urn:pulumi:staging::switchyard::*$azure-native:web:WebApp::site", true],
    ["urn:pulumi:staging::switchyard::*::site", false],
    ["urn:pulumi:staging::*::site", false],
    ["urn:pulumi:staging::switchyard::**", true],
    ["urn:pulumi:staging::switchyard::**::sit", false],
    ["urn:pulumi:staging::switchyard::**::.ite", false],
    ["urn:pulumi:stagin*::switchyard::**::site", true],
  ] as const) {
    it(`${pattern} ${fits ? "fits" : "does not fit"}`, () => assert.equal(matcherOf(pattern)(urn), fits));
  }
});

describe("a pattern that names no type and no resource", () => {
  for (const wide of [
    "urn:pulumi:staging::**",
    "urn:pulumi:staging**",
    "urn:pulumi:staging::switchyard**",
    "urn:pulumi:staging::switchyard::*::*",
    "urn:pulumi:staging::switchyard::*$*::*",
    "urn:pulumi:stag*::switchyard::**::*",
    "urn:pulumi:*::*::*::*",
  ]) {
    it(`${wide} is refused`, () => assert.match(patternFault(wide) ?? "", /exempts everything/));
  }
  for (const narrow of [
    "urn:pulumi:**::site",
    "urn:pulumi:**site",
    "urn:pulumi:*::switchyard::**::site",
    "urn:pulumi:staging::switchyard::*$azure-native:web:WebApp::*",
    "urn:pulumi:staging::**azure-native:web:WebApp::*",
  ]) {
    it(`${narrow} is not`, () => assert.equal(patternFault(narrow), undefined));
  }
});

describe("rules on secrets of critical severity", () => {
  it("are never exempted", () => {
    const never = rules.filter(neverExempted).map(({ name }) => name);
    for (const name of ["settings-no-plain-secret", "pod-no-plain-secret", "secret-class-own-vault"])
      assert.ok(never.includes(name), name);
    assert.ok(!never.includes("web-ftps-disabled"));
  });
});

describe("a run of the pack with exemptions", () => {
  const stack = goldenStack("staging", ["kirana-inventory"]);
  const site = stack.find(({ type }) => type === "azure-native:storage:StorageAccount")!;
  const broken = stack.map((resource) =>
    resource === site
      ? { ...resource, props: { ...resource.inputs, allowBlobPublicAccess: true } }
      : resource,
  );
  const stackResource = {
    ...site,
    urn: "urn:pulumi:staging::switchyard::pulumi:pulumi:Stack::switchyard-staging",
    type: "pulumi:pulumi:Stack",
    props: {},
  };
  const entry = { ...fields, rule: "storage-no-public-blobs", resource: site.urn };

  const findings = async (content: FolderContent) => {
    const { run, remove } = await runIn({ people, ...content });
    try {
      const verdicts = await judgeRun({ rules, runRules }, [stackResource, ...broken], run);
      return verdicts
        .filter(({ rule, verdict }) => verdict !== "pass" && rule.name !== "evidence")
        .map(({ rule, urn, message }) => ({ rule: rule.name, urn, message, level: rule.enforcementLevel }));
    } finally {
      remove();
    }
  };
  const names = async (content: FolderContent) => (await findings(content)).map(({ rule }) => rule);

  it("reports the violation without one", async () => {
    assert.deepEqual(await names({}), ["storage-no-public-blobs"]);
  });

  it("lists what is exempted instead, with the words that a report reads back", async () => {
    const [listed, ...others] = await findings({ exemptions: [await signedEntry(entry, alice)] });
    assert.deepEqual(others, []);
    assert.equal(listed?.rule, "exemptions-listed");
    assert.equal(listed?.level, "advisory");
    const { exempted } = takeExempted([
      { ...listed!, level: "advisory", verdict: "fail", message: `What it is.\n${listed!.message}` },
    ]);
    const { rule, approver, ticket, reason, expires } = entry;
    assert.deepEqual(exempted, [{ rule, urn: site.urn, until: expires, approver, ticket, reason }]);
  });

  it("reports the violation and the exemption that does not hold", async () => {
    assert.deepEqual(await names({ exemptions: [entry] }), ["exemptions-valid", "storage-no-public-blobs"]);
  });

  it("names an exemption that covers nothing", async () => {
    const unneeded = await signedEntry(fields, alice);
    assert.deepEqual(await names({ exemptions: [unneeded] }), ["storage-no-public-blobs", "exemptions-used"]);
  });

  it("announces the end of one from seven days before it", async () => {
    const ends = async (expires: string) =>
      names({ exemptions: [await signedEntry({ ...entry, expires }, alice)] });
    assert.deepEqual(await ends("2026-11-29"), ["exemptions-listed"]);
    assert.deepEqual(await ends("2026-11-28"), ["exemptions-not-expiring", "exemptions-listed"]);
  });

  it("keeps what could not be decided", async () => {
    const { run, remove } = await runIn({ people, exemptions: [await signedEntry(entry, alice)] });
    const ledger = await run.ledger();
    remove();
    const finding = { kind: "undecided", urn: site.urn, message: "could not be decided: x" } as const;
    const judgement = ledger.apply(entry.rule, { applies: true, findings: [finding] });
    assert.deepEqual(judgement, { applies: true, findings: [finding] });
    assert.deepEqual(ledger.uses, []);
  });
});

describe("the text of a use", () => {
  it("is read back whole, whatever stands in the reason", () => {
    const word = fc.stringMatching(/^[^\s,]{1,12}$/);
    const reason = fc.string({ minLength: 20, maxLength: 80 }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(word, word, reason, (approver, ticket, why) => {
        // The engine's words are trimmed, and control characters taken out of them.
        fc.pre(!approver.includes(":") && why.trim() === why);
        const exemption = { ...fields, approver, ticket, reason: why, daysLeft: 1, matches: () => true };
        const message = useText(exemption);
        const verdict = {
          rule: "exemptions-listed",
          level: "advisory",
          verdict: "fail",
          urn,
          message,
        } as const;
        const [read] = takeExempted([verdict]).exempted;
        assert.deepEqual(read, {
          rule: fields.rule,
          urn,
          until: fields.expires,
          approver,
          ticket,
          reason: why,
        });
      }),
    );
  });
});
