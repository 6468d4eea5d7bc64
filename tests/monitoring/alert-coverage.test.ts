import { strict as assert } from "node:assert";
import type { MonitoringContract } from "../../runbooks/prometheus";
import { casesBySystem } from "./cases";
import type { AlertCase } from "./support/alert-case";
import { contracts } from "./support/contracts";

describe("cases of alerts", () => {
  for (const contract of contracts) {
    it(`of ${contract.system} leave no alert out, and none is of an alert that does not exist`, () => {
      const names = contract.alerts.map(({ name }) => name);
      assert.deepEqual(Object.keys(casesBySystem[contract.system] ?? {}).sort(), names.sort());
    });

    it(`of ${contract.system} show each alert beyond its limit, on it and without its series`, () => {
      assert.deepEqual(
        contract.alerts.flatMap((alert) => gaps(contract, alert.name)),
        [],
      );
    });
  }
});

/** Questions about an alert that no case answers. */
function gaps({ system, alerts }: MonitoringContract, name: string): string[] {
  const alert = alerts.find((candidate) => candidate.name === name)!;
  const cases = casesBySystem[system]?.[name] ?? [];
  const has = (shows: AlertCase["shows"], fires: boolean) =>
    cases.some((item) => item.shows === shows && item.fires.length > 0 === fires);
  const inclusive = alert.operator === ">=" || alert.operator === "<=";
  const found = (["==", "!="] as const).some((operator) => operator === alert.operator);
  return [
    ...(has("breach", true) ? [] : ["fires beyond its limit"]),
    ...(found || has("boundary", inclusive) ? [] : [`${inclusive ? "fires" : "is quiet"} on its limit`]),
    ...(alert.minimumSample === undefined || has("fewSamples", false) ? [] : ["is quiet on few samples"]),
    ...(has("missing", alert.orAbsent !== undefined) || has("missing", alert.measures === "state")
      ? []
      : ["without its series"]),
    ...(alert.forMinutes <= 1 || has("brief", false) || alert.forMinutes > 15
      ? []
      : ["is quiet before its time"]),
    ...(cases.some((item) => item.fires.length === 0) ? [] : ["is quiet at all"]),
  ].map((gap) => `${name}: ${gap}`);
}
