import assert from "node:assert/strict";
import { readSettings } from "../../../../infra/settings";
import { dummyPlatform } from "../../support/platform-reference";
import { ofType } from "../../support/query";
import { refusal } from "../../support/refusal";
import { render } from "../../support/render";
import { stackFile, systemSettings } from "../../support/stack-settings";

const platform = { "switchyard:platform": JSON.stringify(dummyPlatform) };

describe("a system in a stack without the platform", function () {
  this.timeout(20_000);

  it("stands on the platform that switchyard:platform names, and declares nothing of it", async () => {
    const rendered = await render(systemSettings("staging", ["case-management"], platform));
    assert.deepEqual(ofType(rendered, "containerservice:ManagedCluster", "cdn:Profile"), []);
    const subnets = ofType(rendered, "network:PrivateEndpoint").map(({ inputs }) => inputs.subnet);
    assert.ok(subnets.length > 0);
    for (const subnet of subnets) assert.equal((subnet as { id: string }).id, dummyPlatform.endpointSubnetId);
    const [provider] = rendered.resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
    assert.equal(provider?.inputs.clusterIdentifier, dummyPlatform.clusterId);
  });

  const fileWith = (changes: Readonly<Record<string, string>>) => {
    const raw = stackFile("dev");
    return { ...raw, values: { ...raw.values, ...changes } };
  };

  it("is refused when none is named", () => {
    const message = refusal(fileWith({ "switchyard:systems": '["case-management"]' }), "dev");
    assert.match(
      message,
      /switchyard:platform\n {4}received: nothing\n {4}allowed: {2}the output platform\.reference/,
    );
  });

  it("is refused when one is named and carried as well", () => {
    const message = refusal(fileWith({ "switchyard:systems": '["platform"]', ...platform }), "dev");
    assert.match(message, /this stack carries the platform itself/);
  });

  it("is refused with an id of another type than the one that is asked for", () => {
    const wrong = { ...dummyPlatform, clusterId: dummyPlatform.edgeProfileId };
    const raw = fileWith({
      "switchyard:systems": '["case-management"]',
      "switchyard:platform": JSON.stringify(wrong),
    });
    assert.throws(() => readSettings(raw, { stack: "dev", offline: false }), /switchyard:platform/);
  });
});

describe("settings of the platform", () => {
  const refusedWith = (changes: Readonly<Record<string, string>>, stack = "production") => {
    const raw = stackFile(stack as "production");
    const values = { ...raw.values, "switchyard:systems": '["platform"]', ...changes };
    return refusal({ ...raw, values }, stack, true);
  };

  it("refuse a pool whose bounds are crossed, and in production one that does not reach three zones", () => {
    const crossed = { size: "Standard_D4ds_v5", minimumNodes: 5, maximumNodes: 3 };
    assert.match(
      refusedWith({ "platform:workPool": JSON.stringify(crossed) }),
      /maximumNodes not below minimumNodes/,
    );
    const small = { size: "Standard_D4ds_v5", minimumNodes: 1, maximumNodes: 3 };
    assert.match(refusedWith({ "platform:systemPool": JSON.stringify(small) }), /at least 3 nodes/);
  });

  it("refuse a gateway's host outside of the zone in which its certificate is proven", () => {
    const zone = `/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/g/providers/Microsoft.Network/dnszones/kirana.io`;
    const message = refusedWith({
      "platform:gatewayHost": "gateway.other.io",
      "platform:gatewayDnsZoneId": zone,
    });
    assert.match(message, /below kirana\.io/);
  });

  it("refuse a kubeconfig of somebody's own outside dev, and a network that pods' addresses would meet", () => {
    assert.match(refusedWith({ "switchyard:kubeconfig": "/home/a/.kube/config" }), /switchyard:kubeconfig/);
    assert.match(refusedWith({ "platform:networkRange": "192.168.0.0/16" }), /platform:networkRange/);
  });
});
