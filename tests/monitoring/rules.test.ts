import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { isoMinutes } from "../../infra/azure/alert-rules";
import { alertExpression, alertRuleGroups, mostRulesPerGroup } from "../../infra/monitoring/alert-rules";
import { PrometheusRuleGroups } from "../../infra/monitoring/prometheus-rule-groups";
import { rulesFile } from "../../infra/monitoring/rules-file";
import type { PrometheusAlert } from "../../runbooks/prometheus";
import { collect } from "../infra/support/render";
import { contracts } from "./support/contracts";
import { shop } from "./support/shop-contract";

interface FileRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

interface AzureRule {
  readonly alert: string;
  readonly expression: string;
  readonly for: string;
  readonly severity: number;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly actions: readonly { readonly actionGroupId: string }[];
}

const actionGroupIds = { critical: ["/page", "/chat"], warning: ["/chat"], info: ["/mail"] };

async function azureGroups(
  contract: Parameters<typeof alertRuleGroups>[0],
  tags: Readonly<Record<string, string>> = {},
) {
  const { resources } = await collect("production", async () => {
    new PrometheusRuleGroups("rules", {
      resourceGroupName: "group",
      subscriptionId: "subscription",
      tags,
      guarded: true,
      groups: alertRuleGroups(contract),
      prometheusWorkspaceId: "/workspace",
      prometheusLocation: "centralindia",
      clusterName: "cluster",
      actionGroupIds,
      after: [],
    });
    return undefined;
  });
  const order = alertRuleGroups(contract).map(({ name }) => name);
  return resources
    .filter(({ type }) => type === "azure-native:alertsmanagement:PrometheusRuleGroup")
    .sort((left, right) => place(left) - place(right));

  function place({ inputs }: { readonly inputs: Readonly<Record<string, unknown>> }): number {
    return order.indexOf(String(inputs.ruleGroupName));
  }
}

const rulesOf = (resource: { inputs: Readonly<Record<string, unknown>> }) =>
  resource.inputs.rules as unknown as AzureRule[];

/** `5m` and `PT5M` as minutes. */
const fileMinutes = (text: string) => Number(/^(\d+)m$/.exec(text)![1]);

describe("rules in Azure", () => {
  for (const contract of contracts) {
    it(`say of ${contract.system} the same as its rules file`, async () => {
      const file = parse(rulesFile(alertRuleGroups(contract))) as {
        groups: { name: string; interval: string; rules: FileRule[] }[];
      };
      const azure = await azureGroups(contract);
      assert.deepEqual(
        azure.map(({ inputs }) => ({ name: inputs.ruleGroupName, interval: inputs.interval })),
        file.groups.map(({ name, interval }) => ({ name, interval: isoMinutes(fileMinutes(interval)) })),
      );
      assert.deepEqual(
        azure
          .flatMap(rulesOf)
          .map(({ alert, expression, labels, annotations, for: time }) => [
            alert,
            expression,
            time,
            labels,
            annotations,
          ]),
        file.groups
          .flatMap(({ rules }) => rules)
          .map((rule) => [
            rule.alert,
            rule.expr,
            rule.for === "0m" ? "PT0M" : isoMinutes(fileMinutes(rule.for)),
            rule.labels,
            rule.annotations,
          ]),
      );
    });

    it(`keep to Azure's limits for ${contract.system}: rules per group, one workspace, one cluster`, async () => {
      for (const group of await azureGroups(contract)) {
        assert.ok(rulesOf(group).length <= mostRulesPerGroup, String(group.inputs.ruleGroupName));
        assert.deepEqual(group.inputs.scopes, ["/workspace"]);
        assert.equal(group.inputs.clusterName, "cluster");
        assert.equal(group.inputs.location, "centralindia");
      }
    });
  }

  it("name the action groups of their severity; what is told daily is told by the digest rule alone", async () => {
    const rules = (await azureGroups(shop)).flatMap(rulesOf);
    assert.deepEqual(
      rules.map(({ alert, severity, actions }) => [
        alert,
        severity,
        actions.map((action) => action.actionGroupId),
      ]),
      [
        ["ApiDown", 0, ["/page", "/chat"]],
        ["ErrorRate", 2, ["/chat"]],
        ["LicenceExpiry", 3, []],
        ["LicenceExpiryDigest", 3, ["/mail"]],
      ],
    );
  });

  it("carry the environment as a label: staging's rules have the names of production's", async () => {
    const rules = (await azureGroups(shop, { environment: "staging" })).flatMap(rulesOf);
    assert.deepEqual(
      rules.map(({ labels }) => labels.environment),
      rules.map(() => "staging"),
    );
  });

  it("are spread over several groups when there are more than one takes, none lost", () => {
    const [first] = shop.alerts;
    const alerts = Array.from({ length: 2 * mostRulesPerGroup + 1 }, (_, index) => ({
      ...(first as PrometheusAlert),
      name: `Alert${index}`,
    }));
    const groups = alertRuleGroups({ ...shop, alerts });
    assert.deepEqual(
      groups.map(({ name, rules }) => [name, rules.length]),
      [
        ["retail-agentic-critical", mostRulesPerGroup],
        ["retail-agentic-critical-2", mostRulesPerGroup],
        ["retail-agentic-critical-3", 1],
      ],
    );
    assert.deepEqual(
      groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)),
      alerts.map(({ name }) => name),
    );
  });
});

describe("a rule's condition", () => {
  it("holds threshold, minimum sample, absence and muting", () => {
    const [down, errorRate] = shop.alerts as [PrometheusAlert, PrometheusAlert];
    assert.equal(
      alertExpression(errorRate),
      `(${errorRate.expression}) > 0.05 and (sum(increase(requests_total[5m]))) >= 20`,
    );
    assert.equal(
      alertExpression(down),
      '((max(up{job="shop-api"})) == 0 unless on () (max(maintenance) == 1)) or (absent(up{job="shop-api"}) unless on () (max(maintenance) == 1))',
    );
  });
});
