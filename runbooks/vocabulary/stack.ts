import { z } from "zod";
import { base, nonEmpty } from "./base";

/** Something that the stack has: every rule named checks it on every preview. */
export const declaredSchema = z.strictObject({
  ...base,
  word: z.literal("declared"),
  rules: nonEmpty(z.string()),
});

/** A demand on the stack that rules refuse to see broken. */
export const policySchema = z.strictObject({
  ...base,
  word: z.literal("policy"),
  rules: nonEmpty(z.string()),
});

/** Alert rules of the same contract, by name; `rules` see to it that they are in the stack. */
export const alertSchema = z.strictObject({
  ...base,
  word: z.literal("alert"),
  alerts: nonEmpty(z.string()),
  rules: nonEmpty(z.string()),
});

/** Not done as written: what stands in its place, why, and what refuses the original. */
export const supersededSchema = z.strictObject({
  ...base,
  word: z.literal("superseded"),
  /** Entries of the same contract, or rules (`rule:image-by-digest`), that do it instead. */
  by: nonEmpty(z.string()),
  reason: z.string().min(10),
  owner: z.string().min(3),
});
