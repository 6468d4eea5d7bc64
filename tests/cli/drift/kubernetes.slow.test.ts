import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readState } from "../../../cli/check/state-file";
import { localEnvironment, survey } from "../../../cli/drift/survey";
import { localPassphrase } from "../../../cli/engine/session";
import { accessByKubeconfig } from "../../../release/clients/kubeconfig";
import { KubernetesClient } from "../../../release/clients/kubernetes";
import type { Report } from "../../../reports/model";
import { keyOf } from "../../release/support/targets";
import { TestProject } from "../../support/project";
import { differences } from "./support";

const namespace = "/api/v1/namespaces/shop";
const blue = "/apis/apps/v1/namespaces/shop/deployments/web-blue";

/** Objects that the real engine and provider made on a real API server, which keeps `managedFields` as any other does. */
describe("drift on a real API server", function () {
  this.timeout(180_000);
  let project: TestProject;
  let cluster: KubernetesClient;

  const drift = (): Promise<Report> => {
    const file = join(project.stateDir, "backend", ".pulumi", "stacks", "switchyard", "dev.json");
    return survey({
      state: readState(readFileSync(file, "utf8"), file, "switchyard"),
      passphrase: localPassphrase,
      environment: localEnvironment({}, project.stateDir, project.kubernetes?.exports.KUBECONFIG),
      signal: new AbortController().signal,
      report: () => {},
    });
  };

  before(async () => {
    project = await TestProject.create({
      program: "tests/provider/programs/shop.js",
      cloud: false,
      config: { "switchyard:systems": ["platform"] },
    });
    cluster = new KubernetesClient(accessByKubeconfig(project.kubernetes!.exports.KUBECONFIG));
    const keys = JSON.stringify({ blue: keyOf("1"), green: keyOf("2") });
    const up = await project.pulumi(["up", "--yes", "--skip-preview"], { SHOP_KEYS: keys });
    assert.equal(up.exitCode, 0, up.stdout + up.stderr);
  });
  after(async () => {
    await project?.remove();
  });

  it("is none of what was just made, nor after a switch and with another number of replicas", async () => {
    assert.deepEqual(differences(await drift()), []);
    const release = "switchyard-release";
    await cluster.patch(
      `${namespace}/services/web`,
      { spec: { selector: { deployment: "green" } } },
      release,
    );
    await cluster.patch(`${blue}/scale`, { spec: { replicas: 1 } }, release);
    const report = await drift();
    assert.deepEqual(differences(report), []);
    assert.equal(report.undecided, 0);
    assert.match(
      report.notes?.map(({ message }) => message).join("\n") ?? "",
      /live side green, blue 0 %, green 100 %/,
    );
  });

  it("names an edited field with its writer, a deleted object and one that nobody declared", async () => {
    await cluster.patch(
      blue,
      { spec: { template: { metadata: { annotations: { edit: "by hand" } } } } },
      "somebody",
    );
    await cluster.delete("/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/web-green");
    const labels = { "app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/part-of": "shop" };
    const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "other" };
    await cluster.create(
      "/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers",
      {
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { name: "other", labels },
        spec: { scaleTargetRef, maxReplicas: 2 },
      },
      "somebody",
    );
    const report = await drift();
    assert.deepEqual(differences(report).sort(), [
      "create kubernetes:autoscaling/v2:HorizontalPodAutoscaler shop/other",
      "delete kubernetes:autoscaling/v2:HorizontalPodAutoscaler web-green",
      "update kubernetes:apps/v1:Deployment web-blue update spec.template.metadata.annotations.edit",
    ]);
    const said = report.policies.map(({ message }) => message).join("\n");
    assert.match(said, /spec\.template\.metadata\.annotations\.edit was written by somebody/);
  });
});
