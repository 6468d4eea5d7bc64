/** Fields of an object that another field manager owns, as the API server names them. */
export interface ConflictingManager {
  readonly manager: string;
  /** Such as `.spec.maxUnavailable`. */
  readonly fields: readonly string[];
}

// As `getConflictMessage` of k8s.io/apimachinery writes them: one in a line, several as a list for each manager.
const one = /\bconflict with "((?:[^"\\]|\\.)+)".*?: (\..*)$/gm;
const several = /\bconflicts with "((?:[^"\\]|\\.)+)".*:\n((?:- .*(?:\n|$))+)/g;

/** Who owns what in a refused server-side apply; empty for every other message. */
export function conflictingManagers(message: string): readonly ConflictingManager[] {
  const listed = [...message.matchAll(several)].map(([, manager, list]) => ({
    manager: manager!,
    fields: [...list!.matchAll(/^- (.*)$/gm)].map(([, field]) => field!.trim()),
  }));
  const single = [...message.matchAll(one)].map(([, manager, field]) => ({
    manager: manager!,
    fields: [field!.trim()],
  }));
  return [...listed, ...single];
}

/** A message of the engine, with its explanation where it tells of a refused server-side apply. */
export function withConflictExplained(message: string): string {
  const explanation = conflictExplanation(message);
  return explanation === undefined ? message : `${message.trimEnd()}\n${explanation}`;
}

/**
 * Whose field it is and how it is given back; undefined where a message does not tell of a refused server-side apply.
 * Whoever edits a field by hand owns it from then on, and no update takes it back unasked.
 */
export function conflictExplanation(message: string): string | undefined {
  const found = conflictingManagers(message);
  if (found.length === 0) return undefined;
  const owners = found.map(({ manager, fields }) => `"${manager}" owns ${fields.join(", ")}`);
  return `${owners.join("; ")}: set by hand or by another tool, and no update takes it from them.
To give it back, either set the live value to the one that the program declares, since equal values do not conflict, or
look for the owner's entry with kubectl get KIND NAME -n NAMESPACE -o yaml --show-managed-fields and remove it:
  kubectl patch KIND NAME -n NAMESPACE --type json -p '[{"op":"remove","path":"/metadata/managedFields/INDEX"}]'
Then run it again. Where the owner is to keep the field, the program must not declare it.`;
}
