import { strict as assert } from "node:assert";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStackConfig, requireUsableSettings } from "../../cli/stack-settings";
import { repoRoot } from "../../local/repo-root";
import type { UserError } from "../../local/user-error";

describe("settings before anything is started", () => {
  let root: string;
  const workspace = () => ({ root, dist: "", policyPack: "", stateDir: root });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "switchyard-settings-"));
    for (const name of ["Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.production.yaml"]) {
      copyFileSync(join(repoRoot(), name), join(root, name));
    }
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("the committed dev stack can be used", () => {
    requireUsableSettings(workspace(), "dev");
  });

  it("all faults of dev are named at once", () => {
    const file = join(root, "Pulumi.dev.yaml");
    const text = readFileSync(file, "utf8")
      .replace("switchyard:costCenter:", "switchyard:costCentre:")
      .replace("kirana-inventory:planInstances: 1", "kirana-inventory:planInstances: many");
    writeFileSync(file, text);
    assert.throws(
      () => requireUsableSettings(workspace(), "dev"),
      (error: Error) => {
        assert.match(error.message, /costCentre/);
        assert.match(error.message, /planInstances[\s\S]*"many"/);
        return true;
      },
    );
  });

  it("no two stacks keep their journals in one container; one without another's is used, also beside a broken file", () => {
    const journal = "https://kirana.blob.core.windows.net/journals";
    const give = (stack: string, address: string) =>
      writeFileSync(join(root, `Pulumi.${stack}.yaml`), `config:\n  switchyard:journal: ${address}\n`);
    give("production", journal);
    give("staging", `${journal}-staging`);
    writeFileSync(join(root, "Pulumi.production-blue.yaml"), "config: [");
    requireUsableSettings(workspace(), "production");
    for (const [other, address] of [
      ["staging", `${journal}/`],
      ["production-blue", journal],
    ] as const) {
      give("staging", `${journal}-staging`);
      give(other, address);
      assert.throws(() => requireUsableSettings(workspace(), "production"), {
        name: "UserError",
        message: new RegExp(
          `^Stacks production and ${other} keep the journals of their releases in one container`,
        ),
        mend: /Each has its own/,
      });
    }
  });

  for (const stack of ["staging", "production"]) {
    it(`${stack} is refused with every placeholder that is left`, () => {
      const text = readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8").replace(/^\s*#.*$/gm, "");
      const left = text.match(/<owner: [^>]+>/g) ?? [];
      assert.ok(left.length > 5);
      assert.throws(
        () => requireUsableSettings(workspace(), stack),
        (error: UserError) => {
          assert.ok(error.message.includes(`still has ${left.length} placeholders`));
          assert.match(error.message, /geminiApiKey/);
          assert.ok(error.mend?.includes(`pulumi config set --path 'KEY' --stack ${stack}`));
          assert.ok(error.mend?.includes(`eval "$(npx switchyard env --stack ${stack})"`));
          return true;
        },
      );
    });
  }

  for (const [what, text, why] of [
    ["broken YAML", "config:\n  a: [1\n", /is not valid YAML/],
    ["a list", "- config\n", /it holds no map/],
    ["a config that is a text", "config: none\n", /its config is no map/],
  ] as const) {
    it(`a stack file with ${what} is refused, with a mend`, () => {
      writeFileSync(join(root, "Pulumi.dev.yaml"), text);
      assert.throws(
        () => readStackConfig(workspace(), "dev"),
        (error: UserError) => why.test(error.message) && /git diff Pulumi\.dev\.yaml/.test(error.mend ?? ""),
      );
    });
  }

  it("a second stack of dev is refused, also where it has a file", () => {
    copyFileSync(join(root, "Pulumi.dev.yaml"), join(root, "Pulumi.dev-mine.yaml"));
    for (const look of [requireUsableSettings, readStackConfig])
      assert.throws(() => look(workspace(), "dev-mine"), /serves one stack, dev; received "dev-mine"/);
  });

  it("a stack without a file is named with those that have one", () => {
    assert.throws(() => requireUsableSettings(workspace(), "qa"), /There is no stack "qa"/);
  });

  it("a file that is not YAML, or not one of a stack, is refused by its name", () => {
    for (const text of ['config:\n  a: [1\n  b: "x\n', "- 1\n", "just text\n", "config: [1]\n"]) {
      writeFileSync(join(root, "Pulumi.staging.yaml"), text);
      assert.throws(() => readStackConfig(workspace(), "staging"), /Pulumi\.staging\.yaml is not/, text);
    }
  });
});
