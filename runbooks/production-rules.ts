import { production, secondsPerMinute, timeZone } from "./entry-basics";
import type { Entry } from "./vocabulary";

/**
 * What tesoro-xp's runbook alone says of releases to production and conflicts 7 and 8 decide for all: freezes, among them a
 * running incident, and the emergency path. Written down once for the runbooks that are silent.
 */

/** Statements of the own runbook that these entries help to carry, about windows or about mending at once. */
type Supports = NonNullable<Entry["supports"]>;

/** Calendar of holidays of all systems; it must not be empty (conflicts 7). */
const holidays = "switchyard:holidays";

/** Beside scheduled and prepared: what a window bounds. The watch may run on, and a rollback asks for none. */
const movingFrom: Entry["during"] = ["scheduled", "prepare"];

interface Freezes {
  readonly supports: Supports;
  /** Phases in which the system's release moves something. */
  readonly bounded: Entry["during"];
  readonly releases?: NonNullable<Entry["releases"]>;
  readonly note: string;
}

/** The days on which no system is released (conflicts 7). */
export function freezeDays({ supports, bounded, releases, note }: Freezes): Entry {
  return {
    word: "window",
    name: "freezes",
    title: "No release in the week of Black Friday and Cyber Monday, at the end of a quarter or on holidays",
    ids: [],
    supports,
    conflicts: [7],
    on: production,
    during: [...movingFrom, ...bounded],
    ...(releases !== undefined && { releases }),
    timeZone,
    rule: { kind: "freeze", on: "blackFriday", daysBefore: 4, daysAfter: 3, blocks: true },
    also: [
      { kind: "freeze", on: "endOfQuarter", daysBefore: 2, daysAfter: 0, blocks: true },
      { kind: "freeze", on: "holidays", daysBefore: 0, daysAfter: 0, blocks: true, setting: holidays },
      { kind: "freeze", on: "endOfMonth", daysBefore: 2, daysAfter: 0, blocks: false },
    ],
    note,
  };
}

/** The last of the freezes: nothing is released into a running incident, unless as its mend (conflicts 7, 8). */
export function incidentFreeze(supports: Supports): Entry {
  return {
    word: "checkGate",
    name: "no-incident-freeze",
    title: "Freeze: nothing is released while an incident is being handled",
    ids: [],
    supports,
    conflicts: [7, 8],
    on: production,
    during: ["prepare", "deploy-idle", "smoke"],
    releases: ["normal"],
    check: { provider: "firedAlerts", severities: ["critical"] },
    expectation: "no critical alert of the system is firing and unresolved",
    timeoutSeconds: 30,
    attempts: 2,
    onBreach: "refuse",
    note: "Asked when the release is prepared and, after the approval, again before traffic moves. A hotfix for the incident takes the emergency path.",
  };
}

interface EmergencyPath {
  readonly supports: Supports;
  /** Phases in which the system's release moves something. */
  readonly bounded: Entry["during"];
  /** Who may agree, by the words of the system's own contacts. @default VP Engineering or Director */
  readonly roles?: readonly string[];
  /** Role that writes the post-mortem. */
  readonly postMortemBy: string;
  readonly note: string;
}

const watchMinutes = 120;
const watchHours = (watchMinutes * secondsPerMinute) / 3600;

/** Past windows and freezes for a critical hotfix: who agrees, how long it is watched, what is written (conflicts 8). */
export function emergencyPath(path: EmergencyPath): readonly Entry[] {
  const { supports, bounded, postMortemBy, note } = path;
  const roles = [...(path.roles ?? ["vp-engineering", "director"])];
  const common = { ids: [], supports, conflicts: [8], on: production };
  return [
    {
      word: "window",
      name: "emergency-path",
      title: `A critical hotfix outside the windows: agreed by VP Engineering or Director, ${watchHours} hours of watch, post-mortem`,
      ...common,
      during: [...movingFrom, ...bounded, "watch"],
      releases: ["emergency"],
      timeZone,
      rule: {
        kind: "emergency",
        roles,
        skips: ["windows", "freezes"],
        watchMinutes,
        postMortem: true,
      },
      note,
    },
    {
      word: "approval",
      name: "emergency-approval",
      title: "Emergency: VP Engineering or a Director approves",
      ...common,
      conflicts: [8, 9],
      during: ["approve"],
      releases: ["emergency"],
      roles,
      atLeast: 1,
      onePerRole: false,
      from: "switchyard",
      validHours: 4,
      note: "Beside the approval of every release. Given for one hotfix that is urgent, hence the short time.",
    },
    {
      word: "record",
      name: "emergency-post-mortem",
      title: "Emergency: a post-mortem says why an emergency release was needed",
      ...common,
      during: ["follow-up"],
      releases: ["emergency"],
      kind: "postMortem",
      fields: [
        "reason of the emergency",
        "why it could not wait",
        "timeline",
        "cause",
        "actions with owner and date",
      ],
      by: "person",
      role: postMortemBy,
    },
    {
      word: "checkGate",
      name: "no-open-post-mortem",
      title: "The post-mortem of the last emergency release is closed",
      ...common,
      during: ["prepare"],
      releases: ["normal"],
      check: { provider: "release", expects: "noOpenPostMortem" },
      expectation: "no post-mortem of this system is open",
      timeoutSeconds: 10,
      attempts: 1,
      onBreach: "refuse",
    },
  ];
}
