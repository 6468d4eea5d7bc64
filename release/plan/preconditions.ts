import type { Entry } from "../../runbooks/vocabulary";
import type { BareStep } from "./phase-steps";
import type { PlanStep } from "./plan";

/**
 * Says of every step what must have passed before it: the last action, and everything that blocks since then. So all that
 * blocks before an action stands in its chain, each once. An action after the approvals names these as well, since an
 * approval can run out; what migrates or restores names the backups.
 */
export function withPreconditions(
  steps: readonly BareStep[],
  entries: Readonly<Record<string, Entry>>,
): readonly PlanStep[] {
  const approvals: string[] = [];
  const backups: string[] = [];
  let since: string[] = [];
  return steps.map((step) => {
    const entry = entries[step.entry];
    const isAction = step.does.as === "action" || step.does.as === "weight";
    const named = [...since, ...(isAction ? approvals : []), ...(needsBackup(entry) ? backups : [])];
    const precondition = [...new Set(named)];
    if (isAction) since = [step.id];
    else if (blocks(step, entry)) since = [...since, step.id];
    if (step.does.as === "approval") approvals.push(step.id);
    if (entry?.word === "step" && entry.does.action === "backup") backups.push(step.id);
    return { ...step, precondition };
  });
}

/** Whether what follows waits for the step to have passed. */
function blocks({ does }: BareStep, entry: Entry | undefined): boolean {
  if (does.as === "watch" || does.as === "evidence" || does.as === "approval") return true;
  if (entry?.word === "checkGate") return entry.onBreach !== "report";
  if (entry?.word === "manual") return entry.blocking;
  return entry?.word === "metricGate";
}

function needsBackup(entry: Entry | undefined): boolean {
  return entry?.word === "step" && (entry.does.action === "migrate" || entry.does.action === "restore");
}
