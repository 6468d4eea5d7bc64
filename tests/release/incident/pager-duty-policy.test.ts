import assert from "node:assert/strict";
import { pagerDutyPolicies } from "../../../release/incident/pager-duty-policy";
import { contracts } from "../../../runbooks/contracts";

const policiesOf = (system: string) =>
  pagerDutyPolicies(contracts.find((each) => each.system === system)!, "production");

describe("PagerDuty's escalation policies, from the contracts' ladders", () => {
  it("page who is next after the time between two rungs", () => {
    const { escalation_policy: policy } = policiesOf("case-management").get("incident-ladder")!;
    assert.equal(policy.name, "case-management: incident-ladder");
    assert.match(policy.description, /CAS-109 CAS-110 CAS-111$/);
    assert.deepEqual(
      policy.escalation_rules.map(({ escalation_delay_in_minutes: minutes, targets }) => [
        minutes,
        targets.map(({ id }) => id),
      ]),
      [
        [15, ["on-call-engineer"]],
        [15, ["devops-lead"]],
        [30, ["engineering-director"]],
      ],
    );
  });

  it("leave out whom PagerDuty does not page", () => {
    const { escalation_policy: policy } = policiesOf("retail-agentic").get("incident-ladder")!;
    assert.deepEqual(
      policy.escalation_rules.flatMap(({ targets }) => targets.map(({ id }) => id)),
      ["on-call-engineer"],
    );
    assert.equal(policiesOf("kirana-store").has("incident-war-room"), false);
  });

  it("exist for every system, since each pages somebody", () => {
    for (const { system } of contracts) assert.ok(policiesOf(system).size > 0, system);
  });
});
