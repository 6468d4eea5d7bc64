import type { PlanStep } from "../plan/plan";
import type { ReleaseState } from "./state";

/** A step as it was done, in milliseconds since 1970. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Seconds from the decision to go back until everybody was back: the traffic on the old side, and what has one side only
 * deployed as it was before. Undefined until then. What is watched, told and asked afterwards is no part of it.
 */
export function rollbackSeconds(state: ReleaseState): number | undefined {
  const { plan, rollback } = state;
  const back = plan.rollback.filter((step) => {
    const entry = plan.entries[step.entry];
    if (entry?.word !== "step") return false;
    const { does } = entry;
    return does.action === "traffic" ? does.move === "back" : does.action === "deploy";
  });
  const spans = back.map((step) => spanOf(state, step));
  if (rollback === undefined || spans.length === 0 || spans.includes(undefined)) return undefined;
  const end = Math.max(...spans.map((span) => span!.to));
  return (end - Date.parse(rollback.at)) / 1000;
}

/** How long a release took to bring its components to everybody, in seconds; of those that it has deployed. */
export interface DeploymentSeconds {
  /** By component. */
  readonly components: Readonly<Record<string, number>>;
  /** From the beginning of the first one to the end of the last one, with everything between them. */
  readonly total?: number;
}

/**
 * A component that is deployed beside the live one is there when the traffic has moved to it: the time for which weights
 * of a ramp are held is not counted. One that is deployed in place is there when that is done.
 */
export function deploymentSeconds(state: ReleaseState): DeploymentSeconds {
  const { plan } = state;
  const moves = plan.steps.filter(
    (step) => step.does.as === "weight" || actionOf(state, step)?.action === "traffic",
  );
  const lastMove = Math.max(0, ...moves.map((step) => spanOf(state, step)?.to ?? 0));
  const components: Record<string, number> = {};
  const whole: Span[] = [];
  for (const step of plan.steps) {
    const does = actionOf(state, step);
    const span = spanOf(state, step);
    if (does?.action !== "deploy" || span === undefined) continue;
    const to = does.to === "idle" ? Math.max(span.to, lastMove) : span.to;
    const held = does.to === "idle" ? heldWithin(state, { from: span.from, to }) : 0;
    whole.push({ from: span.from, to });
    for (const component of does.components)
      components[component] = (components[component] ?? 0) + (to - span.from - held) / 1000;
  }
  if (whole.length === 0) return { components };
  const from = Math.min(...whole.map((span) => span.from));
  return { components, total: (Math.max(...whole.map(({ to }) => to)) - from) / 1000 };
}

/** Milliseconds for which weights of a ramp were held in a span. */
export function heldWithin(state: ReleaseState, { from, to }: Span): number {
  return state.plan.steps
    .filter(({ does }) => does.as === "weight")
    .flatMap((step) => spanOf(state, step) ?? [])
    .reduce((sum, weight) => sum + Math.max(0, Math.min(weight.to, to) - Math.max(weight.from, from)), 0);
}

function spanOf({ done }: ReleaseState, { id }: PlanStep): Span | undefined {
  const finished = done.get(id);
  if (finished === undefined) return undefined;
  const to = Date.parse(finished.at);
  return { from: to - finished.milliseconds, to };
}

function actionOf({ plan }: ReleaseState, { entry }: PlanStep) {
  const named = plan.entries[entry];
  return named?.word === "step" ? named.does : undefined;
}
