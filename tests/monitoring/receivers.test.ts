import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { AlertReceivers, type AlertReceiversArgs, receiverKey } from "../../infra/monitoring/alert-receivers";
import { alertmanagerConfig, receiverName } from "../../infra/monitoring/alertmanager-config";
import { alertSeverities } from "../../runbooks/prometheus";
import { collect } from "../infra/support/render";
import { contracts } from "./support/contracts";
import { shop } from "./support/shop-contract";

const secrets = { pager: "pager-key", slack: "https://slack.test/hook", hook: "https://n8n.test/hook" };

async function declared(changes: Partial<AlertReceiversArgs> = {}) {
  let receivers: AlertReceivers | undefined;
  const { resources } = await collect("production", async () => {
    receivers = new AlertReceivers("notify", {
      subscriptionId: "subscription",
      resourceGroupName: "group",
      location: "centralindia",
      tags: {},
      guarded: true,
      routing: shop.routing,
      nameOf: (_, base) => `shop-${base}`,
      shortName: "shop",
      workspaceId: "/logs",
      secrets,
      mailAddresses: ["ops@shop.test"],
      ...changes,
    });
    return undefined;
  });
  const groups = resources.filter(({ type }) => type === "azure-native:monitor:ActionGroup");
  const relays = resources.filter(({ type }) => type === "azure-native:logic:Workflow");
  return { ids: receivers!.actionGroupIds, groups, relays };
}

const last = (id: string) => id.split("/").at(-1);

describe("who hears of alerts in Azure", () => {
  it("is one action group per receiver; the same room of two severities is one", async () => {
    const { ids, groups } = await declared();
    assert.deepEqual(groups.map(({ inputs }) => inputs.actionGroupName).sort(), [
      "shop-mail",
      "shop-pagerduty-pager",
      "shop-slack-slack",
      "shop-webhook-hook",
    ]);
    assert.deepEqual(ids.critical.map(last), ["shop-pagerduty-pager", "shop-slack-slack"]);
    assert.deepEqual(ids.warning.map(last), ["shop-slack-slack", "shop-webhook-hook"]);
    assert.deepEqual(ids.info.map(last), ["shop-mail"]);
  });

  it("has short names that Azure takes", async () => {
    const { groups } = await declared({ shortName: "retails" });
    for (const { inputs } of groups) assert.ok(String(inputs.groupShortName).length <= 12);
  });

  it("reads in Slack which stack it is, and of Prometheus which pod", async () => {
    const { relays } = await declared({ tags: { system: "shop", environment: "staging" } });
    const [{ parameters, definition }] = relays.map(({ inputs }) => inputs) as unknown as [
      {
        readonly parameters: { readonly origin: { readonly value: string } };
        readonly definition: {
          readonly actions: {
            readonly post: {
              readonly inputs: {
                readonly body: { readonly text: string; readonly attachments: readonly { title: string }[] };
              };
            };
          };
        };
      },
    ];
    assert.equal(parameters.origin.value, "shop staging");
    const { text, attachments } = definition.actions.post.inputs.body;
    assert.match(text, /parameters\('origin'\)/);
    // A budget's alert has null in the place of its condition and its rule.
    assert.match(text, /coalesce\([^,]*\['monitorCondition'\], 'Fired'\)/);
    assert.match(text, /coalesce\([^,]*\['alertRule'\], [^,]*\['monitoringService'\]\)/);
    assert.match(attachments[0]!.title, /\['alertContext'\]\?\['annotations'\]\?\['summary'\]/);
  });

  it("is refused when a secret of the routing has no value", async () => {
    await assert.rejects(
      declared({ secrets: { pager: "key" } }),
      /names the secret slack, which has no value/,
    );
  });
});

interface Config {
  readonly receivers: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];
}

describe("who hears of alerts in Alertmanager", () => {
  for (const { system, routing } of contracts) {
    it(`is for ${system} whom Azure's action groups tell, severity by severity`, () => {
      const config = parse(alertmanagerConfig([routing], "http://inbox.test")) as Config;
      for (const severity of alertSeverities) {
        const receiver = config.receivers.find(({ name }) => name === receiverName(system, severity))!;
        const told = ["pagerduty_configs", "slack_configs", "webhook_configs"].flatMap(
          (key) => (receiver[key] as unknown[] | undefined) ?? [],
        );
        assert.equal(told.length, new Set(routing.routes[severity].receivers.map(receiverKey)).size);
      }
    });
  }

  it("is the local inbox alone: a rehearsal wakes nobody", () => {
    const text = alertmanagerConfig([shop.routing], "http://inbox.test");
    const addresses = [...text.matchAll(/https?:\/\/[^\s"]+/g)].map(([address]) => new URL(address).host);
    assert.deepEqual([...new Set(addresses)], ["inbox.test"]);
  });
});
