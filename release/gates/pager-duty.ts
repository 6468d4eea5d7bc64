import type { ReleaseFacts } from "../../runbooks/release-facts";
import { isJson, type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { type Asking, answer, askJson, looking, nothing } from "./asking";
import type { GateContext, GateProvider } from "./gate-provider";
import type { CheckGateOf } from "./provider-gate";

type PagerDutyGate = CheckGateOf<"pagerDuty">;
type PagerDutyFacts = NonNullable<ReleaseFacts["pagerDuty"]>;
interface Finding {
  readonly holds: boolean;
  readonly seen: string;
}
type Ask = (path: string, query?: Readonly<Record<string, readonly string[]>>) => Promise<Json>;

const api = "https://api.pagerduty.com";
const pageSize = "100";
/** A schedule is filled when nobody is missing until then. */
const filledHours = 24;

/** Who is on call and what is open, as PagerDuty says it now (REST API v2). */
export function pagerDutyProvider(asking: Asking): GateProvider<PagerDutyGate> {
  return {
    look(gate, context) {
      const { expects } = gate.check;
      const question = `PagerDuty: ${expects}`;
      return looking(question, gate, context, async ({ signal, hide }) => {
        const { pagerDuty: facts } = context.facts;
        if (facts === undefined) {
          return nothing(
            question,
            `the stack's output release of ${context.facts.system} names no PagerDuty service; set ${context.facts.system}:pagerDutyServiceId and put the token of its REST API into the vault`,
          );
        }
        const token = hide(await asking.secret(facts.tokenSecret, context, signal));
        const ask: Ask = async (path, query = {}) => {
          const url = new URL(path, api);
          for (const [name, values] of Object.entries(query))
            for (const value of values) url.searchParams.append(name, value);
          const body = await askJson(
            asking.surroundings,
            {
              method: "GET",
              url,
              headers: {
                authorization: `Token token=${token}`,
                accept: "application/vnd.pagerduty+json;version=2",
              },
              signal,
            },
            { who: "PagerDuty", right: `the secret ${facts.tokenSecret} must be a token that may read` },
          );
          if (isJson(body)) return body;
          throw new UserError(`PagerDuty knows no ${url.pathname}`, {
            mend: `is ${context.facts.system}:pagerDutyServiceId right?`,
          });
        };
        const { holds, seen } = await checks[expects](facts, ask, context);
        return answer(question, holds, seen);
      });
    },
  };
}

const checks: Readonly<
  Record<
    PagerDutyGate["check"]["expects"],
    (facts: PagerDutyFacts, ask: Ask, context: GateContext) => Promise<Finding>
  >
> = {
  onCallReachable: async (facts, ask) => {
    const first = (await onCalls(facts, ask)).filter(({ escalation_level: level }) => level === 1);
    const people = new Map(first.map((entry) => [String(mapAt(entry, "user").id), mapAt(entry, "user")]));
    if (people.size === 0) return { holds: false, seen: "nobody is on call at the first level" };
    const unreachable = [...people.values()].filter((user) => contactMethods(user).length === 0);
    const names = (users: Iterable<Json>) =>
      [...users].map(({ name, summary }) => String(name ?? summary)).join(", ");
    return unreachable.length === people.size
      ? {
          holds: false,
          seen: `${names(unreachable)} on call, whom nothing reaches: no phone, push or message`,
        }
      : { holds: true, seen: `on call and reachable: ${names(people.values())}` };
  },
  noOpenIncident: async ({ serviceId }, ask) => {
    const body = await ask("/incidents", {
      "service_ids[]": [serviceId],
      "statuses[]": ["triggered", "acknowledged"],
      limit: [pageSize],
    });
    const incidents = listOf(body, "incidents");
    const titles = incidents.map(({ title, id }) => String(title ?? id));
    return incidents.length === 0
      ? { holds: true, seen: "no incident is open" }
      : {
          holds: false,
          seen: `open: ${titles.slice(0, 5).join("; ")}${body.more === true ? "; and more" : ""}`,
        };
  },
  scheduleFilled: async (facts, ask, { clock }) => {
    const now = clock.now();
    const until = new Date(now.getTime() + filledHours * 3_600_000);
    const ids = new Set(
      (await onCalls(facts, ask)).flatMap((entry) => {
        const { id } = mapAt(entry, "schedule");
        return typeof id === "string" ? [id] : [];
      }),
    );
    if (ids.size === 0)
      return { holds: false, seen: "the escalation policy names no schedule with anybody on call" };
    const gaps: string[] = [];
    for (const id of ids) {
      const { schedule } = await ask(`/schedules/${encodeURIComponent(id)}`, {
        since: [now.toISOString()],
        until: [until.toISOString()],
      });
      const percent = mapAt(schedule, "final_schedule").rendered_coverage_percentage;
      if (typeof percent !== "number")
        throw new UserError(`PagerDuty does not say how much of the schedule ${id} is filled`);
      if (percent < 100)
        gaps.push(
          `${String(mapAt(schedule).name ?? id)} is filled for ${percent} % of the next ${filledHours} h`,
        );
    }
    return gaps.length === 0
      ? { holds: true, seen: `${ids.size} schedules are filled for ${filledHours} h` }
      : { holds: false, seen: gaps.join("; ") };
  },
};

/** Who is on call for the escalation policy of the service. */
async function onCalls({ serviceId }: PagerDutyFacts, ask: Ask): Promise<readonly Json[]> {
  const { service } = await ask(`/services/${encodeURIComponent(serviceId)}`);
  const { id } = mapAt(service, "escalation_policy");
  if (typeof id !== "string")
    throw new UserError(`PagerDuty names no escalation policy of the service ${serviceId}`);
  const body = await ask("/oncalls", {
    "escalation_policy_ids[]": [id],
    "include[]": ["users"],
    limit: [pageSize],
  });
  return listOf(body, "oncalls");
}

/** A mail wakes nobody. */
function contactMethods(user: Json): readonly Json[] {
  return listAt(user, "contact_methods")
    .map((method) => mapAt(method))
    .filter(({ type }) => typeof type === "string" && !type.startsWith("email_"));
}

/** @throws UserError for an answer without that list: an empty one would mean that all is well */
function listOf(body: Json, name: string): readonly Json[] {
  if (!Array.isArray(body[name])) throw new UserError(`PagerDuty answered without ${name}`);
  return listAt(body, name).map((item) => mapAt(item));
}
