import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { frameworksOf, mappedRules } from "../../policies/framework-map";
import { rules, rulesByName } from "../../policies/registry";
import { root } from "../support/root";
import { changed } from "./support/change";
import { failingRules, findingsOf, judge, unknownText } from "./support/judge";
import { kiranaStack } from "./support/kirana-stack";

describe("environments", () => {
  const rule = (name: string) => rulesByName.get(name)!;

  it("dev must have no locks, and may have unprotected data", () => {
    const lock = kiranaStack("production").find(({ key }) => key === "lock-cosmos")!;
    assert.deepEqual(failingRules([...kiranaStack("dev"), lock], "dev"), ["lock-scope"]);
    assert.deepEqual(
      judge(rule("protect-data"), kiranaStack("dev"), "dev").filter(({ applies }) => applies),
      [],
    );
  });

  it("dev may make up the owner's secrets and bind names without a certificate", () => {
    const madeUp = changed(kiranaStack("dev"), {
      at: "secret-gemini-api-key",
      set: "properties/value",
      to: unknownText,
    });
    assert.deepEqual(failingRules(madeUp, "dev"), []);
    const bare = changed(kiranaStack("dev"), { at: "api-domain", set: "sslState", to: "Disabled" });
    assert.deepEqual(failingRules(bare, "dev"), []);
  });

  it("staging is held to locks and protection, production alone to zones and the runbook's names", () => {
    assert.deepEqual(failingRules(changed(kiranaStack("staging"), { remove: ["lock-vault"] }), "staging"), [
      "lock-on-data",
    ]);
    const oneZone = changed(kiranaStack("staging"), { at: "plan", set: "zoneRedundant", to: false });
    assert.deepEqual(failingRules(oneZone, "staging"), []);
    const unnamed = changed(kiranaStack("staging"), {
      remove: ["api-domain", "api-certificate", "app-domain"],
    });
    assert.deepEqual(failingRules(unnamed, "staging"), []);
  });

  it("a probe's address must be known in production only: elsewhere Azure makes up the host", () => {
    for (const environment of ["dev", "staging"] as const) {
      const stack = changed(kiranaStack(environment), {
        at: "test-app-available",
        set: "request/requestUrl",
        to: unknownText,
      });
      assert.deepEqual(failingRules(stack, environment), []);
    }
  });

  it("who shares staging's database is told by who it is, however many roles the programs have", () => {
    const fewer = changed(kiranaStack("staging"), { remove: ["cosmos-role-slot"] });
    assert.deepEqual(failingRules(fewer, "staging"), []);
    const alone = changed(kiranaStack("staging"), { remove: ["cosmos-role-developers"] });
    const [role] = alone.filter(({ key }) => key === "cosmos-role");
    const more = changed(alone, { add: { ...role!, key: "cosmos-role-again" } });
    assert.deepEqual(failingRules(more, "staging"), ["staging-database-shared"]);
    const known = ["cosmos-role", "cosmos-role-slot", "role-vault", "role-vault-slot"];
    const unmade = (stack: typeof alone) =>
      known.reduce((all, at) => changed(all, { at, set: "principalId", to: unknownText }), stack);
    assert.deepEqual(failingRules(unmade(alone), "staging"), ["staging-database-shared"]);
    assert.deepEqual(failingRules(unmade(kiranaStack("staging")), "staging"), []);
  });

  it("a stack without the system is not held to it", () => {
    const other = kiranaStack("production")
      .filter(({ key }) => key === "lock-cosmos")
      .map((resource) => ({ ...resource, outside: true }));
    const held = rules
      .filter(({ scope }) => scope === "stack")
      .flatMap((each) => findingsOf(judge(each, other, "production")));
    assert.deepEqual(held, []);
  });
});

describe("the registry", () => {
  it("holds every rule file, each with the one rule that it is named after, in the folder of its topic", () => {
    const folder = join(root, "policies", "rules");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    assert.deepEqual(
      files.map((file) => file.replaceAll("\\", "/")).sort(),
      rules.map(({ topic, name }) => `${topic}/${name}.ts`).sort(),
    );
  });

  it("enforces every statement of kirana-inventory that the catalogue leaves to policies or to the stack", () => {
    const enforced = new Set<string>(rules.flatMap(({ ids }) => ids));
    // KIR-079 is build evidence (docs/catalogue.md, Corrections of the catalogue).
    const wanted = [7, 8, 16, 28, 29, 30, 31, 32, 33, 34, 35, 36, 39, 41, 42, 43, 44, 45, 65, 81, 135];
    const missing = wanted
      .map((number) => `KIR-${String(number).padStart(3, "0")}`)
      .filter((id) => !enforced.has(id));
    assert.deepEqual(missing, []);
  });

  it("enforces every statement of the systems on the cluster that the catalogue leaves to policies", () => {
    const enforced = new Set<string>(rules.flatMap(({ ids }) => ids));
    const wanted = {
      // STO-049: what Azure's databases hold is always encrypted; there is nothing to declare.
      STO: [17, 46, 48, 50, 51, 52, 56, 57, 58, 59, 60, 133, 222, 229],
      // RET-029, RET-117: which branch, and the backup before a migration, are for the release to refuse.
      RET: [15, 16, 17, 18, 19, 21, 23, 24, 25, 31, 94, 143],
      CAS: [29],
    };
    const missing = Object.entries(wanted).flatMap(([prefix, numbers]) =>
      numbers
        .map((number) => `${prefix}-${String(number).padStart(3, "0")}`)
        .filter((id) => !enforced.has(id)),
    );
    assert.deepEqual(missing, []);
  });

  it("enforces every statement of tesoro-xp that the catalogue leaves to policies or to the stack", () => {
    const enforced = new Set<string>(rules.flatMap(({ ids }) => ids));
    // TES-086: what an emergency deployment may be for is the planner's to refuse.
    const wanted = ["001", "025", "029", "038", "048", "049", "050", "059", "103"];
    assert.deepEqual(
      wanted.map((number) => `TES-${number}`).filter((id) => !enforced.has(id)),
      [],
    );
  });

  it("maps controls of other catalogues to rules that it has, each once", () => {
    const references = rules.flatMap((each) =>
      frameworksOf(each).map(({ name, reference }) => `${each.name}: ${name} ${reference}`),
    );
    assert.deepEqual(
      references.filter((reference, index) => references.indexOf(reference) !== index),
      [],
    );
    assert.deepEqual(
      mappedRules.filter((name) => !rulesByName.has(name)),
      [],
    );
  });

  it("gives every rule ids of the right form, a unique name, and words that end where they should", () => {
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
    for (const { name, ids, framework, description, displayName } of rules) {
      assert.match(name, /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/);
      assert.ok(ids.length > 0 || mappedRules.includes(name) || framework, `${name} is for nothing`);
      for (const id of ids) assert.match(id, /^(?:KIR|TES|STO|RET|CAS)-\d{3}$/);
      assert.ok(description.endsWith("."), name);
      assert.ok(!displayName.endsWith("."), name);
    }
  });
});
