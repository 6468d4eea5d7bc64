import assert from "node:assert/strict";
import { Calendar, emergencyPath, type WindowEntry, windowsOf } from "../../../release/calendar/calendar";
import { contracts } from "../../../runbooks/contracts";

type Rule = WindowEntry["rule"];
type Freeze = Extract<Rule, { kind: "freeze" }>;
type Hours = Extract<Rule, { kind: "allowed" | "preferred" | "avoided" | "forbidden" }>;

const holiday = "2026-12-25";

/** Days of 2026 on which each kind of freeze turns. */
const special: Readonly<Record<Freeze["on"], string>> = {
  blackFriday: "2026-11-27",
  cyberMonday: "2026-11-30",
  endOfMonth: "2026-10-31",
  endOfQuarter: "2026-09-30",
  yearEnd: "2026-12-31",
  holidays: holiday,
  named: holiday,
};
const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Los Angeles is seven hours behind on a day of the week from Monday, 2026-10-12, on. */
function inLosAngeles(day: string, minutes: number): Date {
  return new Date(Date.UTC(2026, 9, 12 + weekdays.indexOf(day), 7, minutes));
}

function shifted(date: string, days: number): Date {
  return new Date(Date.parse(`${date}T20:00:00Z`) + days * 86_400_000);
}

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Moments at which a rule has something to say, and some at which it has not. */
function momentsOf(rule: Hours | Freeze): {
  readonly speaks: readonly Date[];
  readonly silent: readonly Date[];
} {
  if (rule.kind === "freeze") {
    const day = special[rule.on];
    const { daysBefore, daysAfter } = rule;
    return {
      speaks: [shifted(day, -daysBefore), shifted(day, 0), shifted(day, daysAfter)],
      silent: [shifted(day, -daysBefore - 1), shifted(day, daysAfter + 1)],
    };
  }
  const inside = rule.days.map((day) => inLosAngeles(day, minutesOf(rule.from) + 30));
  const outside = [
    ...(minutesOf(rule.from) > 0 ? rule.days.map((day) => inLosAngeles(day, minutesOf(rule.from) - 30)) : []),
    ...weekdays
      .filter((day) => !rule.days.includes(day as Hours["days"][number]))
      .map((day) => inLosAngeles(day, 720)),
  ];
  const isOpen = rule.kind === "allowed" || rule.kind === "preferred";
  return isOpen ? { speaks: outside, silent: inside } : { speaks: inside, silent: outside };
}

function refuses(rule: Hours | Freeze): boolean {
  return rule.kind === "freeze" ? rule.blocks : rule.kind === "allowed" || rule.kind === "forbidden";
}

describe("windows of the five contracts, each by itself", () => {
  for (const { system, entries } of contracts) {
    for (const window of windowsOf(entries)) {
      it(`${system} ${window.name}: is minded, and by nothing else`, () => {
        for (const rule of [window.rule, ...(window.also ?? [])]) {
          assert.equal(window.timeZone, "America/Los_Angeles");
          if (rule.kind === "emergency") {
            const skipped = { roles: rule.roles, skips: rule.skips, watchSeconds: rule.watchMinutes * 60 };
            assert.deepEqual(emergencyPath(windowsOf(entries)), skipped);
            continue;
          }
          // A list says nothing of what comes after its last day.
          const listed = [holiday, "2027-12-25"];
          const days = {
            "switchyard:holidays": listed,
            ...(rule.kind === "freeze" && rule.setting !== undefined && { [rule.setting]: listed }),
          };
          const { also: _, ...alone } = window;
          const calendar = new Calendar([{ ...alone, rule }], days);
          const said = (at: Date, skips: readonly string[] = []) => {
            const { refusals, warnings } = calendar.judge({ from: at, to: at }, skips);
            return [refusals.map((one) => one.entry), warnings.length];
          };
          const { speaks, silent } = momentsOf(rule);
          for (const at of speaks) {
            const expected: unknown[] = refuses(rule) ? [[window.name], 0] : [[], 1];
            assert.deepEqual(said(at), expected, `${rule.kind} at ${at.toISOString()}`);
            assert.deepEqual(said(at, ["windows", "freezes"]), [[], 1], "the emergency path is warned");
          }
          for (const at of silent) assert.deepEqual(said(at), [[], 0], `${rule.kind} at ${at.toISOString()}`);
          assert.ok(speaks.length > 0 && silent.length > 0);
        }
      });
    }
  }
});
