import type { ReleaseFacts } from "../../runbooks/release-facts";
import { isJson, type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { type Asking, answer, askJson, looking, nothing } from "./asking";
import type { GateProvider } from "./gate-provider";
import type { CheckGateOf } from "./provider-gate";

type PagerDutyGate = CheckGateOf<"pagerDuty">;
type PagerDutyFacts = NonNullable<ReleaseFacts["pagerDuty"]>;
interface Finding {
  readonly holds: boolean;
  readonly seen: string;
}
/** From the look until the release is planned to have ended. */
interface Time {
  readonly now: Date;
  readonly until: Date;
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
        const now = context.clock.now();
        const time = inWholeSeconds({ now, until: asking.plannedEnd?.(now) ?? now });
        const { holds, seen } = await checks[expects](facts, ask, time);
        return answer(question, holds, seen);
      });
    },
  };
}

const checks: Readonly<
  Record<PagerDutyGate["check"]["expects"], (facts: PagerDutyFacts, ask: Ask, time: Time) => Promise<Finding>>
> = {
  onCallReachable: async (facts, ask, time) => {
    const first = (await onCalls(facts, ask, time)).filter(({ escalation_level: level }) => level === 1);
    const people = new Map(first.map(personOf));
    if (people.size === 0) return { holds: false, seen: "nobody is on call at the first level" };
    const unreachable = [...people.values()].filter((user) => contactMethods(user).length === 0);
    const names = (users: Iterable<Json>) =>
      [...users].map(({ name, summary }) => String(name ?? summary)).join(", ");
    const nothingReaches = `${names(unreachable)} on call, whom nothing reaches: no phone, push or message`;
    if (unreachable.length === people.size) return { holds: false, seen: nothingReaches };
    const reached = first.filter((entry) => contactMethods(mapAt(entry, "user")).length > 0);
    const said = `on call and reachable: ${names(new Map(reached.map(personOf)).values())}`;
    const gaps = gapsBetween(reached.map(shiftOf), time);
    if (gaps.length > 0) {
      const open = gaps.map(({ from, to }) => `from ${from.toISOString()} to ${to.toISOString()}`);
      const also = unreachable.length === 0 ? "" : `; ${nothingReaches}`;
      return { holds: false, seen: `nobody who can be reached ${open.join(", ")}; ${said}${also}` };
    }
    return { holds: true, seen: `${said}, until ${time.until.toISOString()}` };
  },
  noOpenIncident: async ({ serviceId }, ask) => {
    const body = await ask("/incidents", {
      "service_ids[]": [serviceId],
      "statuses[]": ["triggered", "acknowledged"],
      // Without it the list is of the last month, and an incident may be open for longer.
      date_range: ["all"],
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
  scheduleFilled: async (facts, ask, { now }) => {
    const until = new Date(now.getTime() + filledHours * 3_600_000);
    const ids = await schedulesOf(facts, ask);
    if (ids.size === 0) return { holds: false, seen: "the escalation policy names no schedule" };
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

async function policyOf({ serviceId }: PagerDutyFacts, ask: Ask): Promise<string> {
  const { service } = await ask(`/services/${encodeURIComponent(serviceId)}`);
  const { id } = mapAt(service, "escalation_policy");
  if (typeof id === "string") return id;
  throw new UserError(`PagerDuty names no escalation policy of the service ${serviceId}`);
}

/** Schedules of every level of the service's escalation policy: also one on which nobody is on call now. */
async function schedulesOf(facts: PagerDutyFacts, ask: Ask): Promise<ReadonlySet<string>> {
  const body = await ask(`/escalation_policies/${encodeURIComponent(await policyOf(facts, ask))}`);
  const rules = listOf(mapAt(body.escalation_policy), "escalation_rules");
  return new Set(
    rules
      .flatMap((rule) => listOf(rule, "targets"))
      .flatMap(({ id, type }) =>
        typeof id === "string" && typeof type === "string" && type.startsWith("schedule") ? [id] : [],
      ),
  );
}

/** Who is on call for the escalation policy of the service, at any moment of the time. */
async function onCalls(facts: PagerDutyFacts, ask: Ask, time: Time): Promise<readonly Json[]> {
  const id = await policyOf(facts, ask);
  const found: Json[] = [];
  for (;;) {
    const body = await ask("/oncalls", {
      "escalation_policy_ids[]": [id],
      "include[]": ["users"],
      ...(time.until > time.now && { since: [time.now.toISOString()], until: [time.until.toISOString()] }),
      limit: [pageSize],
      offset: [String(found.length)],
    });
    const page = listOf(body, "oncalls");
    found.push(...page);
    if (body.more !== true || page.length === 0) return found;
  }
}

function personOf(entry: Json): readonly [id: string, user: Json] {
  const user = mapAt(entry, "user");
  return [String(user.id), user];
}

/** A time of the first level, in milliseconds. Who stands in the policy itself is on call always: no start and no end. */
interface Shift {
  readonly start: number;
  readonly end: number;
}

/** @throws UserError for a time that cannot be read */
function shiftOf({ start, end }: Json): Shift {
  const read = (value: unknown, always: number) => {
    if (value === null || value === undefined) return always;
    const at = Date.parse(String(value));
    if (!Number.isNaN(at)) return at;
    throw new UserError(`PagerDuty says from when to when somebody is on call, and not as a time: ${value}`);
  };
  return { start: read(start, Number.NEGATIVE_INFINITY), end: read(end, Number.POSITIVE_INFINITY) };
}

/** Shifts begin and end at whole seconds: a fraction of one is no gap. */
function inWholeSeconds({ now, until }: Time): Time {
  const second = 1000;
  return {
    now: new Date(Math.floor(now.getTime() / second) * second),
    until: new Date(Math.floor(until.getTime() / second) * second),
  };
}

/** The parts of the time in which no shift is; none of a single moment. */
function gapsBetween(shifts: readonly Shift[], { now, until }: Time): readonly { from: Date; to: Date }[] {
  const gaps: { from: Date; to: Date }[] = [];
  let covered = now.getTime();
  for (const { start, end } of [...shifts].sort((a, b) => a.start - b.start)) {
    if (start > until.getTime()) break;
    if (start > covered) gaps.push({ from: new Date(covered), to: new Date(start) });
    covered = Math.max(covered, end);
  }
  if (covered < until.getTime()) gaps.push({ from: new Date(covered), to: until });
  return gaps;
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
