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
export { type PredicateName, predicates } from "./people";

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
  .refine(({ ids, supports }) => ids.length > 0 || supports !== undefined, {
    error: "an entry owns a statement or supports one",
  });
export type Entry = z.infer<typeof entrySchema>;
export type Word = Entry["word"];

/** A runbook as data: what must be true, what is done and who is asked. */
export interface Contract {
  readonly system: SystemName;
  readonly entries: readonly Entry[];
}
