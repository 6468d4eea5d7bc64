import { z } from "zod";

/**
 * What every entry of a contract has in common. The schemas are the vocabulary: types derive from them, the schema test
 * and `switchyard coverage` parse every contract with them, and an unknown field is an error.
 */

/** Phases of a release, in order; `hold` to `aborted` are where it may turn off. */
export const phases = [
  "scheduled",
  "prepare",
  "approve",
  "backup",
  "migrate",
  "deploy-idle",
  "smoke",
  "ramp",
  "switch",
  "watch",
  "finish",
  "follow-up",
  "hold",
  "rollback",
  "rollback-watch",
  "rolled-back",
  "restore",
  "aborted",
] as const;
export type Phase = (typeof phases)[number];

/** When an entry holds: in a phase, in every stack at any time, or while an incident is handled. */
export const moments = [...phases, "always", "incident"] as const;
export const momentSchema = z.enum(moments);
export type Moment = z.infer<typeof momentSchema>;

const statementId = z.templateLiteral([z.enum(["KIR", "TES", "STO", "RET", "CAS"]), "-", z.number()]);

/** kebab-case, unique in its contract. */
export const nameSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

/** One line that a person reads. */
export const lineSchema = z.string().min(3).max(300);

export const positive = z.number().positive();
export const nonEmpty = <T extends z.ZodType>(item: T) => z.array(item).min(1);

/** Somebody by what he is, never by name: `deployment-lead`. Who that is stands in the trust root and the settings. */
export const roleSchema = nameSchema;

/** Releases that change Azure resources, deploy code, migrate a database; those on the normal or on the emergency path. */
const releaseKinds = nonEmpty(z.enum(["infrastructure", "application", "migration", "normal", "emergency"]));

export const base = {
  name: nameSchema,
  /** What must be so or is done, in words of the runbook. */
  title: lineSchema,
  /** Statements of catalogue.yaml that this entry implements. Each id has exactly one owner in all contracts. */
  ids: z.array(statementId),
  /** Statements with another owner that this entry helps to carry, where one entry cannot say them whole. */
  supports: nonEmpty(statementId).optional(),
  /** Items of conflicts.md that decided how. */
  conflicts: z.array(z.number().int().positive()).optional(),
  /** Stacks in which it holds. */
  on: nonEmpty(z.enum(["dev", "staging", "production"])),
  during: nonEmpty(momentSchema),
  /** Releases in which it holds, any of these. @default every release */
  releases: releaseKinds.optional(),
  /** Releases that are all of these at once: of code *with* an update of the stack. @default not asked */
  allReleases: releaseKinds.optional(),
  /** Of those the ones in which it does not hold: a release of code *without* an update of the stack. @default none */
  exceptReleases: releaseKinds.optional(),
  /** What a reader would otherwise ask, such as why a value is stricter than the runbook's. */
  note: z.string().optional(),
} as const;

/**
 * What happens when a gate fails. `refuse`: nothing was moved yet, the release does not go on; `hold`: traffic stays where
 * it is until a person decides; `rollback`: all traffic goes back by itself; `report`: shown and recorded.
 */
export const onBreachSchema = z.enum(["refuse", "hold", "rollback", "report"]);

/**
 * Minutes after the phase began: a gate is first looked at `from` then, and must have passed once by `due`, up to which its
 * limit holds: a number outside it when they end is a person's to confirm. What leads to a rollback does so for the whole
 * phase.
 */
export const minutesSchema = z.strictObject({ from: z.number().min(0), due: positive });
