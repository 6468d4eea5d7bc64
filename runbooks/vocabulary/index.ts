import { z } from "zod";
import type { SystemName } from "../model";
import { playbookSchema, recordSchema, stepSchema, targetSchema, windowSchema } from "./actions";
import { checkGateSchema } from "./check-gate";
import { metricGateSchema } from "./metric-gate";
import {
  approvalSchema,
  escalationSchema,
  evidenceSchema,
  followUpSchema,
  manualSchema,
  notifySchema,
} from "./people";
import { alertSchema, declaredSchema, policySchema, supersededSchema } from "./stack";

export { type Moment, moments, type Phase, phases } from "./base";
export { type PredicateName, predicates, severities } from "./people";

/** One entry of a contract: a closed set of words. */
export const entrySchema = z
  .discriminatedUnion("word", [
    metricGateSchema,
    checkGateSchema,
    evidenceSchema,
    approvalSchema,
    stepSchema,
    windowSchema,
    notifySchema,
    manualSchema,
    declaredSchema,
    policySchema,
    alertSchema,
    targetSchema,
    recordSchema,
    escalationSchema,
    followUpSchema,
    playbookSchema,
    supersededSchema,
  ])
  .refine(({ ids, supports, conflicts }) => ids.length > 0 || supports || conflicts, {
    error:
      "an entry owns a statement, supports one, or does what an item of conflicts.md adds to the runbook",
  });
export type Entry = z.infer<typeof entrySchema>;
export type Word = Entry["word"];

/** A runbook as data: what must be true, what is done and who is asked. */
export interface Contract {
  readonly system: SystemName;
  readonly entries: readonly Entry[];
  /** How long a release is watched after its last move of traffic; the version before stays ready as long (conflicts 16). */
  readonly watchSeconds: number;
}
