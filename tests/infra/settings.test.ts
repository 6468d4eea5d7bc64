import assert from "node:assert/strict";
import { editDistance, likely } from "../../infra/config/likely";
import { sealedValue } from "../../infra/config/placeholder";
import { declarableSystems } from "../../infra/config/system-names";
import {
  parseStackName,
  placeholdersIn,
  rawConfigOf,
  readSettings,
  SettingsError,
} from "../../infra/settings";
import { environments } from "../../runbooks/model";
import { changed, refusal } from "./support/refusal";
import { canary, stackFile, stackSettings } from "./support/stack-settings";

describe("settings of the committed stack files", () => {
  it("dev's are accepted and have no placeholder", () => {
    const settings = readSettings(stackFile("dev"), { stack: "dev", offline: false });
    assert.deepEqual(settings.placeholders, []);
    assert.equal(settings.localCloud, true);
    assert.deepEqual(settings.systems, declarableSystems);
  });

  for (const environment of ["staging", "production"] as const) {
    it(`${environment}'s are accepted offline, with every placeholder named and replaced`, () => {
      const settings = readSettings(stackFile(environment), { stack: environment, offline: true });
      const marks = Object.values(stackFile(environment).values)
        .join("\n")
        .match(/<owner: [^>]+>/g);
      assert.equal(settings.placeholders.length, marks?.length);
      assert.ok(!JSON.stringify({ ...settings, placeholders: [] }).includes("<owner"));
    });

    it(`${environment}'s are refused otherwise, in one message that names every placeholder`, () => {
      const message = refusal(stackFile(environment), environment);
      const { placeholders } = readSettings(stackFile(environment), { stack: environment, offline: true });
      assert.match(message, new RegExp(`have ${placeholders.length} faults:`));
      for (const { key, whatIsAsked } of placeholders) {
        assert.ok(message.includes(`  ${key}\n    received: the placeholder <owner: ${whatIsAsked}>`), key);
      }
    });

    it(`${environment}'s hold no secret`, () => {
      assert.equal(stackFile(environment).secretKeys.size, 0);
    });
  }

  it("placeholders can be listed without judging anything else", () => {
    const raw = changed(stackFile("production"), { "kirana-inventory:planSize": "huge" });
    const keys = placeholdersIn(raw, "production").map(({ key }) => key);
    assert.ok(keys.includes("kirana-inventory:contacts.cto.contact"));
    assert.ok(keys.includes("kirana-inventory:alertEmails[0]"));
    assert.ok(keys.includes("azure-native:subscriptionId"));
    assert.deepEqual(placeholdersIn(stackFile("dev"), "dev"), []);
  });

  it("a sealed value is accepted offline, and is no placeholder", () => {
    const key = "kirana-inventory:geminiApiKey";
    const raw = changed(stackFile("production"), { [key]: sealedValue });
    const settings = readSettings(raw, { stack: "production", offline: true });
    assert.ok(!settings.placeholders.some((placeholder) => placeholder.key === key));
    assert.notEqual(settings.bySystem["kirana-inventory"]?.geminiApiKey, sealedValue);
  });

  it("the owner's secrets reach the settings once they are encrypted", () => {
    assert.equal(stackSettings("production").bySystem["kirana-inventory"]?.geminiApiKey, `${canary}-gemini`);
  });
});

describe("names of stacks", () => {
  it("are an environment, or one with a suffix", () => {
    for (const environment of environments)
      assert.equal(parseStackName(environment).environment, environment);
    assert.deepEqual(parseStackName("production-blue"), {
      name: "production-blue",
      environment: "production",
      suffix: "blue",
    });
  });

  it("of a second dev are refused: what is not the one of the embedded cloud would go to the real one", () => {
    assert.throws(
      () => parseStackName("dev-mine"),
      /received: "dev-mine"[\s\S]*staging or production with a suffix[\s\S]*SWITCHYARD_STATE_DIR/,
    );
  });

  it("of an unknown environment are refused, with the likely one", () => {
    assert.throws(() => parseStackName("prodction"), /received: "prodction"[\s\S]*did you mean production\?/);
    assert.throws(() => parseStackName("qa"), /allowed:\s+dev, staging, production/);
    for (const name of ["", "production-", "Production", "production_blue"]) {
      assert.throws(() => parseStackName(name), SettingsError, name);
    }
  });
});

describe("a shortened name of a stack", () => {
  it("is refused with the environment that it shortens", () => {
    for (const [name, meant] of [
      ["prod", "production"],
      ["stag", "staging"],
    ] as const) {
      assert.throws(
        () => parseStackName(name),
        (error: Error) => error.message.includes(`did you mean ${meant}?`),
        name,
      );
    }
  });
});

describe("reading a stack file without the engine", () => {
  it("marks what is encrypted at any depth, and decrypts nothing", () => {
    const raw = rawConfigOf({ "a:b": { secure: "v1:x" }, "a:c": [{ phone: { secure: "v1:y" } }], "a:d": 3 });
    assert.deepEqual([...raw.secretKeys], ["a:b", "a:c"]);
    assert.deepEqual(raw.values, { "a:b": sealedValue, "a:c": `[{"phone":"${sealedValue}"}]`, "a:d": "3" });
  });
});

describe("the likely key", () => {
  it("is the nearest within a quarter of the text's length", () => {
    assert.equal(editDistance("kitten", "sitting"), 3);
    assert.equal(likely("planSise", ["planSize", "planInstances"]), "planSize");
    assert.equal(likely("something", ["planSize"]), undefined);
  });
});
