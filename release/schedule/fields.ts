import { fieldsOf } from "../engine/fields";
import { stateOf } from "../engine/state";
import { type JournalRecord, journalFormat } from "../journal/entry";
import type { Plan } from "../plan/plan";
import { releaseFields } from "../records/release-fields";
import type { AheadMessage } from "./ahead";
import { startsInWords } from "./ahead";

/** As it is written down; it is only read here. */
type PlanInJournal = Extract<JournalRecord["entry"], { kind: "started" }>["plan"];

/**
 * What messages say of a release that is yet to begin: what they would say at its beginning, at the time for which it is
 * planned.
 */
export function aheadFields(
  plan: Plan,
  {
    by,
    schedule,
    of,
    now,
  }: { readonly by: string; readonly schedule: string; readonly now: Date } & Partial<
    Pick<AheadMessage, "of">
  >,
): Readonly<Record<string, string>> {
  const records: readonly JournalRecord[] = [
    {
      sequence: 0,
      at: plan.startsAt,
      previous: "",
      hash: "",
      entry: {
        kind: "started",
        format: journalFormat,
        release: schedule,
        by,
        plan: plan as unknown as PlanInJournal,
      },
    },
  ];
  const begins = new Date(plan.startsAt);
  return {
    ...fieldsOf(stateOf(records)),
    ...releaseFields(records, begins),
    startsIn: startsInWords(((of ?? begins).getTime() - now.getTime()) / 1000),
  };
}

/** When a message says that the release is, in its own words. */
export function announcedTime(
  { template }: { readonly template: string },
  fields: Readonly<Record<string, string>>,
): string {
  if (template.includes("{maintenanceStart}"))
    return `${fields.maintenanceStart} to ${fields.maintenanceEnd} UTC`;
  return fields.startsAt ?? "";
}
