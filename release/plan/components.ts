import type { Contract } from "../../runbooks/vocabulary";

/** Components that a release of the system brings, in the contract's order: those of all its deployments. */
export function contractComponents({ entries }: Contract): readonly string[] {
  const deployed = entries.flatMap((entry) =>
    entry.word === "step" && entry.does.action === "deploy" && entry.does.version !== "previous"
      ? entry.does.components
      : [],
  );
  return [...new Set(deployed)];
}
