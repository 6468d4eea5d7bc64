import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { type AlertRuleGroup, alertRuleGroups } from "../../../infra/monitoring/alert-rules";
import { rulesFile } from "../../../infra/monitoring/rules-file";
import type { MonitoringContract } from "../../../runbooks/prometheus";
import { type AlertCase, selector } from "./alert-case";
import { runTool, type ToolResult } from "./tool";

type RuleSource = Pick<MonitoringContract, "system" | "alerts" | "routing">;

/** What a case shows, in words. */
export function caseName({ shows, because, fires }: AlertCase): string {
  const verdict = fires.length === 0 ? "quiet" : "fires";
  return `${shows}: ${verdict}${because === undefined ? "" : `, ${because}`}`;
}

/** Runs the cases of one alert through Prometheus' own evaluation, against the rule as it is rendered. */
export function testAlert(
  folder: string,
  contract: RuleSource,
  alert: string,
  cases: readonly AlertCase[],
): ToolResult {
  const evaluationMinutes = cases[0]?.evaluationMinutes;
  const groups = ruleOf(contract, alert).map((group) => ({
    ...group,
    intervalMinutes: evaluationMinutes ?? group.intervalMinutes,
  }));
  const rules = join(folder, `${contract.system}-${alert}.rules.yaml`);
  const test = join(folder, `${contract.system}-${alert}.test.yaml`);
  writeFileSync(rules, rulesFile(groups));
  writeFileSync(test, promtoolTest(rules, groups, alert, cases));
  return runTool("promtool", ["test", "rules", test]);
}

function ruleOf(contract: RuleSource, alert: string): readonly AlertRuleGroup[] {
  const groups = alertRuleGroups(contract)
    .map((group) => ({ ...group, rules: group.rules.filter((rule) => rule.alert === alert) }))
    .filter(({ rules }) => rules.length > 0);
  if (groups.length === 0) throw new Error(`${contract.system} has no alert ${alert}`);
  return groups;
}

/**
 * The cases in promtool's format. What fires is asked of the series `ALERTS`, which has the labels alone: texts of
 * annotations would make a test break at every comma.
 */
export function promtoolTest(
  rules: string,
  groups: readonly AlertRuleGroup[],
  alert: string,
  cases: readonly AlertCase[],
): string {
  const { labels } = groups[0]!.rules[0]!;
  const always = { alertname: alert, alertstate: "firing", ...labels };
  return stringify(
    {
      rule_files: [rules],
      // promtool evaluates every group at this interval, whatever its own.
      evaluation_interval: `${groups[0]!.intervalMinutes}m`,
      tests: cases.map((item) => ({
        name: caseName(item),
        interval: `${item.everyMinutes ?? 1}m`,
        input_series: Object.entries(item.series).map(([series, values]) => ({ series, values })),
        promql_expr_test: [
          {
            expr: `ALERTS{alertname="${alert}",alertstate="firing"}`,
            eval_time: `${item.atMinutes}m`,
            exp_samples: item.fires.map((own) => ({
              labels: selector("ALERTS", { ...always, ...own }),
              value: 1,
            })),
          },
        ],
      })),
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}
