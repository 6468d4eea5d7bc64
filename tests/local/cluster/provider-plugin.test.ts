import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installKubernetesProvider } from "../../../local/cluster/provider-plugin";
import { definitionsIn } from "../../../local/toolchain/tools/custom-resources";

describe("Kubernetes provider as a plugin", () => {
  const pulumiHome = mkdtempSync(join(tmpdir(), "switchyard-plugin-"));
  after(() => rmSync(pulumiHome, { recursive: true }));

  it("is a link to the cache that follows it, also when two processes make it at once", async () => {
    const folder = join(pulumiHome, "plugins", "resource-kubernetes-v4.18.1");
    const install = (path: string) => installKubernetesProvider({ pulumiHome, path, version: "4.18.1" });
    await install("/cache/one");
    await install("/cache/one");
    assert.equal(readlinkSync(join(folder, "pulumi-resource-kubernetes")), "/cache/one");
    await install("/cache/two");
    assert.equal(readlinkSync(join(folder, "pulumi-resource-kubernetes")), "/cache/two");
    assert.deepEqual(readdirSync(folder), ["pulumi-resource-kubernetes"]);
  });
});

describe("custom resource definitions", () => {
  const text = `kind: CustomResourceDefinition
metadata: {name: podmonitors.monitoring.coreos.com}
spec: {group: monitoring.coreos.com}
---
kind: Other
---
`;

  it("are taken from YAML without what else stands in it", () => {
    assert.deepEqual(
      definitionsIn(text, undefined).map(({ metadata }) => metadata.name),
      ["podmonitors.monitoring.coreos.com"],
    );
  });

  it("get another group, in their name too", () => {
    const [one] = definitionsIn(text, { from: "monitoring.coreos.com", to: "azmonitoring.coreos.com" });
    assert.equal(one?.metadata.name, "podmonitors.azmonitoring.coreos.com");
    assert.equal(one?.spec.group, "azmonitoring.coreos.com");
  });
});
