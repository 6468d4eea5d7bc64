/** One resource that an update of the stack changes. */
export interface StackChange {
  readonly urn: string;
  /** As the preview says it: `create`, `update`, `replace`, `delete`. */
  readonly op: string;
  /** Whether it is the released system's, or one that all systems share. */
  readonly own: boolean;
}

/** What a preview of the whole stack says would change: what a release of infrastructure alone brings. */
export interface StackChanges {
  /** `sha256:…`, as `preview --changes-digest` writes it and `up --approved` takes it. */
  readonly digest: string;
  /** In order of URN; other systems' changes as well, since an update is of the whole stack. */
  readonly changes: readonly StackChange[];
}

/** Those that are the reason of the release. */
export function ownChanges({ changes }: StackChanges): readonly StackChange[] {
  return changes.filter(({ own }) => own);
}

/** Those that come with them because they wait in the same stack. */
export function foreignChanges({ changes }: StackChanges): readonly StackChange[] {
  return changes.filter(({ own }) => !own);
}

/** Whether the resource as it is goes, with what it holds. */
export function losesWhatItHolds({ op }: StackChange): boolean {
  return op === "replace" || op === "delete";
}

/** `update tesoro-production-sql`. */
export function changeWords({ urn, op }: StackChange): string {
  return `${op} ${resourceName(urn)}`;
}

/** `3 changes of the stack: create a, update b and 1 more`. */
export function changesWords(changes: readonly StackChange[], mostShown = 5): string {
  const shown = changes.slice(0, mostShown).map(changeWords).join(", ");
  const rest = changes.length - mostShown;
  return `${changes.length} ${changes.length === 1 ? "change" : "changes"} of the stack: ${shown}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** `urn:pulumi:STACK::PROJECT::TYPES::NAME`: what people know it by. */
export function resourceName(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}
