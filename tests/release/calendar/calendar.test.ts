import assert from "node:assert/strict";
import { Calendar, type WindowEntry } from "../../../release/calendar/calendar";
import { zonedWords } from "../../../release/calendar/zoned-time";

const zone = "America/Los_Angeles";

function window(rule: WindowEntry["rule"], ...also: WindowEntry["rule"][]): WindowEntry {
  return {
    word: "window",
    name: `${rule.kind}-window`,
    title: "When something may be moved",
    ids: ["STO-001"],
    on: ["production"],
    during: ["ramp"],
    timeZone: zone,
    rule,
    ...(also.length > 0 && { also }),
  };
}

const midweek = window({ kind: "allowed", days: ["Tue", "Wed", "Thu"], from: "10:00", to: "14:00" });

/** @param from by the clock of the zone, given with its offset */
function refusals(
  windows: readonly WindowEntry[],
  from: string,
  minutes: number,
  days = {},
): readonly string[] {
  const start = new Date(from);
  const span = { from: start, to: new Date(start.getTime() + minutes * 60_000) };
  return new Calendar(windows, days).judge(span).refusals.map(({ why }) => why);
}

describe("calendar of releases", () => {
  it("takes a span that ends with the window, and none that is a minute longer", () => {
    assert.deepEqual(refusals([midweek], "2026-10-13T10:00:00-07:00", 240), []);
    assert.equal(refusals([midweek], "2026-10-13T10:00:00-07:00", 241).length, 1);
    assert.equal(refusals([midweek], "2026-10-13T09:59:00-07:00", 60).length, 1);
  });

  it("goes by the clock on the wall, on both sides of its change", () => {
    // In the night to 2026-11-01 clocks go back an hour.
    assert.deepEqual(refusals([midweek], "2026-10-29T10:00:00-07:00", 240), []);
    assert.deepEqual(refusals([midweek], "2026-11-03T10:00:00-08:00", 240), []);
    assert.equal(refusals([midweek], "2026-11-03T10:00:00-07:00", 60).length, 1);
  });

  it("refuses forbidden hours inside allowed ones, and warns of avoided and of not preferred ones", () => {
    const friday = window({ kind: "forbidden", days: ["Fri"], from: "14:00", to: "24:00" });
    assert.deepEqual(refusals([friday], "2026-10-16T13:00:00-07:00", 59), []);
    assert.equal(refusals([friday], "2026-10-16T13:00:00-07:00", 61).length, 1);
    const soft = [
      window({ kind: "avoided", days: ["Mon"], from: "00:00", to: "24:00" }),
      window({ kind: "preferred", days: ["Tue"], from: "10:00", to: "14:00" }),
    ];
    const span = { from: new Date("2026-10-12T10:00:00-07:00"), to: new Date("2026-10-12T11:00:00-07:00") };
    const { refusals: refused, warnings } = new Calendar(soft, {}).judge(span);
    assert.deepEqual([refused.length, warnings.length], [0, 2]);
  });

  it("freezes the days around Black Friday, ends of months and quarters, holidays and named days", () => {
    const frozen = (
      on: "blackFriday" | "cyberMonday" | "endOfQuarter" | "endOfMonth" | "holidays" | "yearEnd",
      before = 0,
      after = 0,
    ) => window({ kind: "freeze", on, daysBefore: before, daysAfter: after, blocks: true });
    const noon = (day: string) => `${day}T12:00:00-08:00`;
    const days = { "switchyard:holidays": ["2026-12-25"] };
    const cases = [
      [frozen("blackFriday"), "2026-11-27", true],
      [frozen("blackFriday"), "2026-11-26", false],
      [frozen("blackFriday", 4), "2026-11-23", true],
      [frozen("blackFriday", 4), "2026-11-22", false],
      [frozen("blackFriday", 0, 3), "2026-11-30", true],
      [frozen("blackFriday"), "2029-11-23", true],
      [frozen("cyberMonday"), "2026-11-30", true],
      [frozen("endOfQuarter", 2), "2026-12-29", true],
      [frozen("endOfQuarter", 2), "2026-12-28", false],
      [frozen("endOfQuarter"), "2026-11-30", false],
      [frozen("endOfMonth"), "2028-02-29", true],
      [frozen("yearEnd"), "2026-12-31", true],
      [frozen("holidays"), "2026-12-25", true],
      [frozen("holidays"), "2026-12-24", false],
    ] as const;
    for (const [rule, day, isFrozen] of cases) {
      assert.equal(
        refusals([rule], noon(day), 30, days).length,
        isFrozen ? 1 : 0,
        `${JSON.stringify(rule.rule)} ${day}`,
      );
    }
  });

  it("refuses when nobody has said which days are holidays", () => {
    const rule = window({ kind: "freeze", on: "holidays", daysBefore: 0, daysAfter: 0, blocks: true });
    assert.match(refusals([rule], "2026-10-13T12:00:00Z", 1)[0]!, /switchyard:holidays names no day/);
  });

  it("freezes every day of a period that is named by its first and last", () => {
    const rule = window({ kind: "freeze", on: "holidays", daysBefore: 1, daysAfter: 0, blocks: true });
    const days = { "switchyard:holidays": ["2026-11-26", "2026-12-21/2026-12-25", "2027-01-01"] };
    const frozen = (day: string) => refusals([rule], `${day}T12:00:00-08:00`, 30, days);
    for (const day of ["2026-12-20", "2026-12-21", "2026-12-22", "2026-12-25"])
      assert.match(frozen(day)[0] ?? "", new RegExp(`^${day} lies in the freeze around a holiday`));
    for (const day of ["2026-12-19", "2026-12-26"]) assert.deepEqual(frozen(day), []);
  });

  it("refuses what lies after the last day of a calendar, by the clock of its zone, and warns an emergency", () => {
    const rule = window({ kind: "freeze", on: "holidays", daysBefore: 0, daysAfter: 0, blocks: true });
    for (const [last, list] of [
      ["2025-12-25", ["2025-12-25", "2025-11-27"]],
      ["2026-01-02", ["2025-12-21/2026-01-02", "2025-11-27"]],
    ] as const) {
      const days = { "switchyard:holidays": list };
      const why = `switchyard:holidays ends with ${last}: nobody can tell whether 2026-12-25 is one; add the days that come after it`;
      assert.deepEqual(refusals([rule], "2026-12-25T12:00:00-08:00", 30, days), [why]);
      const at = new Date("2026-12-25T20:00:00Z");
      const calendar = new Calendar([rule], days);
      assert.deepEqual(calendar.judge({ from: at, to: at }, ["freezes"]), { refusals: [], warnings: [why] });
      assert.equal(calendar.nextOpening({ from: at, to: at }), undefined);
    }
    const days = { "switchyard:holidays": ["2026-10-13", "2026-10-01"] };
    // Already the 14th in UTC, still the 13th there.
    assert.match(refusals([rule], "2026-10-13T23:00:00-07:00", 30, days)[0]!, /lies in the freeze/);
    assert.match(refusals([rule], "2026-10-13T23:45:00-07:00", 30, days)[0]!, /ends with 2026-10-13/);
  });

  it("lets the emergency path skip what it may, as a warning", () => {
    const freeze = window({ kind: "freeze", on: "blackFriday", daysBefore: 0, daysAfter: 0, blocks: true });
    const span = { from: new Date("2026-11-27T20:00:00Z"), to: new Date("2026-11-27T21:00:00Z") };
    const calendar = new Calendar([midweek, freeze], {});
    assert.equal(calendar.judge(span).refusals.length, 2);
    assert.equal(calendar.judge(span, ["windows"]).refusals.length, 1);
    const { refusals: left, warnings } = calendar.judge(span, ["windows", "freezes"]);
    assert.deepEqual([left.length, warnings.length], [0, 2]);
  });

  it("finds the next time that is long enough, over weekends, freezes and the change of clocks", () => {
    const freeze = window({ kind: "freeze", on: "endOfMonth", daysBefore: 2, daysAfter: 0, blocks: true });
    const from = new Date("2026-10-29T12:00:00-07:00");
    const calendar = new Calendar([midweek, freeze], {});
    const opening = calendar.nextOpening({ from, to: new Date(from.getTime() + 180 * 60_000) });
    assert.equal(opening && zonedWords(opening, zone), `Tue 2026-11-03 10:00 ${zone}`);
    const tooLong = { from, to: new Date(from.getTime() + 300 * 60_000) };
    assert.equal(calendar.nextOpening(tooLong), undefined);
  });
});
