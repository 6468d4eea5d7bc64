import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TestProject } from "../support/project";

/** A provider that was built has other code for these than a published one: docs/adr/0121. */
describe("components that the Kubernetes provider makes of manifests", () => {
  let project: TestProject;

  before(async () => {
    project = await TestProject.create({
      program: "tests/engine/programs/manifest-components.js",
      config: { "switchyard:systems": ["platform"], "test:chart": "./chart" },
      cloud: false,
    });
    const chart = join(project.folder, "chart");
    mkdirSync(join(chart, "templates"), { recursive: true });
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: example\nversion: 1.0.0\n");
    writeFileSync(
      join(chart, "templates", "map.yaml"),
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: charted }\ndata: { said: {{ .Values.said }} }\n",
    );
  });
  after(() => project?.remove());

  const ask = (...argv: readonly string[]) =>
    execFileSync("kubectl", ["--namespace", "default", ...argv], {
      env: { ...project.session.environment },
      encoding: "utf8",
    }).trim();

  it("become objects of every kind, known and custom, and stay as they are", async () => {
    const up = await project.up();
    assert.equal(up.exitCode, 0, up.stdout + up.stderr);
    assert.equal(ask("get", "configmap", "listed", "-o", "jsonpath={.data.a}"), "1");
    assert.equal(ask("get", "configmap", "charted", "-o", "jsonpath={.data.said}"), "by a value");
    assert.equal(ask("get", "role", "reader", "-o", "jsonpath={.rules[0].verbs[0]}"), "get");
    assert.equal(ask("get", "issuer.cert-manager.io", "own", "-o", "name"), "issuer.cert-manager.io/own");
    const { stdout } = await project.pulumi(["stack", "export"]);
    assert.doesNotMatch(stdout, /not-for-the-state|bm90LWZvci10aGUtc3RhdGU/);
    const again = await project.up();
    assert.equal(again.exitCode, 0, again.stdout + again.stderr);
    assert.deepEqual(Object.keys(again.operations), ["same"]);
    const gone = await project.pulumi(["destroy", "--yes", "--skip-preview"]);
    assert.equal(gone.exitCode, 0, gone.stdout + gone.stderr);
    assert.equal(ask("get", "configmap", "-o", "name", "--ignore-not-found", "listed", "charted"), "");
  });
});
