import type { Environment } from "../../runbooks/model";
import type { Contract } from "../../runbooks/vocabulary";
import { type Ladder, laddersFor } from "./plan";

/** Body of `POST https://api.pagerduty.com/escalation_policies` (REST API v2), with schedules by the names of roles. */
export interface PagerDutyPolicy {
  readonly escalation_policy: {
    readonly type: "escalation_policy";
    readonly name: string;
    readonly description: string;
    readonly num_loops: number;
    readonly on_call_handoff_notifications: "if_has_services";
    readonly escalation_rules: readonly {
      readonly escalation_delay_in_minutes: number;
      readonly targets: readonly { readonly type: "schedule_reference"; readonly id: string }[];
    }[];
  };
}

/** PagerDuty escalates after one minute at the earliest (REST API v2, "Create an escalation policy"). */
const leastMinutes = 1;
/** The last rung is paged for as long before the policy ends or begins again; PagerDuty's own default. */
const lastRungMinutes = 30;

/**
 * The escalation policies that a contract's ladders ask of PagerDuty: one for each ladder by which somebody is paged. A
 * target's id is the role, to be replaced by that of the schedule that has the role's people.
 */
export function pagerDutyPolicies(
  contract: Contract,
  environment: Environment,
): ReadonlyMap<string, PagerDutyPolicy> {
  return new Map(
    laddersFor("incident", contract, environment)
      .filter(({ ladder }) => ladder.some(({ channel }) => channel === "pagerDuty"))
      .map((ladder) => [ladder.name, policyOf(contract.system, ladder)]),
  );
}

function policyOf(system: string, { name, title, ladder, ids }: Ladder): PagerDutyPolicy {
  const paged = ladder.filter(({ channel }) => channel === "pagerDuty");
  const times = [...new Set(paged.map(({ afterMinutes }) => afterMinutes))].sort((a, b) => a - b);
  return {
    escalation_policy: {
      type: "escalation_policy",
      name: `${system}: ${name}`,
      description: [title, ...ids].join(" "),
      num_loops: 0,
      on_call_handoff_notifications: "if_has_services",
      escalation_rules: times.map((at, index) => ({
        escalation_delay_in_minutes: Math.max(leastMinutes, (times[index + 1] ?? at + lastRungMinutes) - at),
        targets: paged
          .filter(({ afterMinutes }) => afterMinutes === at)
          .map(({ role }) => ({ type: "schedule_reference", id: role })),
      })),
    },
  };
}
