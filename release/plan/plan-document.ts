import { z } from "zod";
import { phases } from "../../runbooks/vocabulary";
import type { Plan, PlanStep } from "./plan";
import { planSeconds } from "./plan-seconds";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const side = z.strictObject({
  version: z.string().optional().describe("Readable version; absent where nobody can tell."),
  sides: z.record(z.string(), z.string()).describe("Side by track."),
});

const step = z.strictObject({
  id: z.string().describe("PHASE/ENTRY, of a ramp's weights PHASE/ENTRY/PERCENT; unique in the plan."),
  phase: z.enum(phases),
  statements: z.array(z.string()).describe("Statements of runbooks/catalogue.yaml that it carries out."),
  title: z.string(),
  does: z.enum([
    "action",
    "weight",
    "gate",
    "evidence",
    "approval",
    "question",
    "message",
    "record",
    "wait",
    "watch",
  ]),
  action: z.string().describe("What happens, in words."),
  precondition: z.array(z.string()).describe("Ids of steps that must have passed before, and still do."),
  observation: z.string().describe("What is read back, in words."),
  timeout: z.number().describe("Seconds."),
  planned: z.number().describe("Seconds that it is planned to take; 0 where people are waited for."),
  undo: z.string().describe("How it is undone; nothing: it cannot be."),
  people: z.array(z.string()).describe("Roles that are needed."),
  tells: z.array(z.string()).describe("Messages that go out with it."),
});

/** A plan as machines read it, what `switchyard release plan --format json` prints. */
export const planDocumentSchema = z
  .strictObject({
    format: z.literal(1),
    digest: digest.describe("Of contract, manifest, version before and steps: what people approve."),
    system: z.string(),
    environment: z.string(),
    types: z.array(z.string()),
    reason: z.string().optional().describe("Why it takes the emergency path."),
    stack: z
      .strictObject({
        digest: digest.describe("As preview --changes-digest writes it."),
        changes: z.array(
          z.strictObject({
            urn: z.string(),
            op: z.string(),
            own: z.boolean().describe("Of this system, or of all."),
          }),
        ),
      })
      .optional()
      .describe("Of a release of infrastructure alone: what its update of the stack changes."),
    swaps: z
      .record(
        z.string(),
        z.strictObject({
          moves: z.array(z.string()).describe("Go with the package to the other side."),
          restarts: z.array(z.string()).describe("Stay and differ: the slot is restarted before the swap."),
          sticks: z.array(z.string()).describe("Stay, and are the same."),
          breaks: z.array(z.string()).describe("One side alone has them; a plan with any is refused."),
        }),
      )
      .optional()
      .describe("By track whose slot is swapped: names of settings, as they were when the plan was made."),
    manifestDigest: digest,
    contractDigest: digest,
    from: side,
    to: side,
    startsAt: z.iso.datetime(),
    seconds: z
      .strictObject({ planned: z.number(), atMost: z.number() })
      .describe("Without the time that people take."),
    steps: z.array(step),
    rollback: z.array(step),
    restore: z.array(step),
    aborted: z.array(step),
    watched: z.array(
      z.strictObject({
        gate: z.string(),
        phases: z.array(z.enum(phases)),
        fromPercent: z.number().optional(),
        atPercent: z.number().optional(),
      }),
    ),
    warnings: z.array(z.string()),
  })
  .describe("A release as it is planned.");

export type PlanDocument = z.infer<typeof planDocumentSchema>;

export function planDocument(plan: Plan): PlanDocument {
  return {
    format: 1,
    digest: plan.digest,
    system: plan.system,
    environment: plan.environment,
    types: [...plan.types],
    ...(plan.reason !== undefined && { reason: plan.reason }),
    ...(plan.stack !== undefined && {
      stack: { digest: plan.stack.digest, changes: plan.stack.changes.map((change) => ({ ...change })) },
    }),
    ...(plan.swaps !== undefined && {
      swaps: Object.fromEntries(
        Object.entries(plan.swaps).map(([track, { moves, restarts, sticks, breaks }]) => [
          track,
          { moves: [...moves], restarts: [...restarts], sticks: [...sticks], breaks: [...breaks] },
        ]),
      ),
    }),
    manifestDigest: plan.manifestDigest,
    contractDigest: plan.contractDigest,
    from: { ...plan.from, sides: { ...plan.from.sides } },
    to: { ...plan.to, sides: { ...plan.to.sides } },
    startsAt: plan.startsAt,
    seconds: planSeconds(plan.steps),
    steps: plan.steps.map(stepDocument),
    rollback: plan.rollback.map(stepDocument),
    restore: plan.restore.map(stepDocument),
    aborted: plan.aborted.map(stepDocument),
    watched: plan.watched.map(({ entry, phases: watched, fromPercent, atPercent }) => ({
      gate: entry,
      phases: [...watched],
      ...(fromPercent !== undefined && { fromPercent }),
      ...(atPercent !== undefined && { atPercent }),
    })),
    warnings: [...plan.warnings],
  };
}

function stepDocument(each: PlanStep): PlanDocument["steps"][number] {
  return {
    id: each.id,
    phase: each.phase,
    statements: [...each.statements],
    title: each.title,
    does: each.does.as,
    action: each.action,
    precondition: [...each.precondition],
    observation: each.observation,
    timeout: each.timeoutSeconds,
    planned: each.plannedSeconds,
    undo: each.undo,
    people: [...each.people],
    tells: [...each.tells],
  };
}
