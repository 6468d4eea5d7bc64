import type { ReleaseType } from "../plan/plan";
import type { ReleaseState } from "./state";

/** Values of the fields that messages, records and names of backups have in braces. */
export function fieldsOf(state: ReleaseState): Readonly<Record<string, string>> {
  const { plan, startedAt, startedBy, phase, held, rollback } = state;
  const stamp = startedAt.replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const planned = plan.steps.reduce((sum, { plannedSeconds }) => sum + plannedSeconds, 0);
  return {
    system: plan.system,
    environment: plan.environment,
    version: plan.manifest.version,
    previousVersion: plan.from.version ?? "unknown",
    starter: startedBy,
    phase: phase ?? "prepare",
    reason: rollback?.why ?? held?.why ?? "",
    gate: rollback?.gate ?? held?.gate ?? "",
    startsAt: startedAt,
    startsIn: "now",
    endsAt: new Date(Date.parse(startedAt) + planned * 1000).toISOString(),
    duration: `${Math.round(planned / 60)} min`,
    commit: plan.manifest.commit ?? "",
    releaseType: typeWords(plan.types),
    stackChanges: plan.stack?.digest ?? "",
    timestamp: stamp,
    date: startedAt.slice(0, 10),
    release: state.release,
  };
}

/** `Infrastructure`, `Application` or `Full`, and what else it is. */
function typeWords(types: readonly ReleaseType[]): string {
  const [infrastructure, application] = [types.includes("infrastructure"), types.includes("application")];
  const kind = !infrastructure ? "Application" : application ? "Full" : "Infrastructure";
  const further = (["migration", "emergency"] as const).filter((type) => types.includes(type));
  return [kind, ...further].join(", ");
}
