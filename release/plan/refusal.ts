/** Why no plan is made. Machines read `kind`; the rest is for people. */
export interface Refusal {
  readonly kind:
    | "unfit-manifest"
    | "nothing-there"
    | "no-idle-side"
    | "traffic-under-way"
    | "not-declared"
    | "settings-break"
    | "nothing-new"
    | "hold-too-short"
    | "too-little-traffic"
    | "idle-gate"
    | "destructive-migration"
    | "no-such-release"
    | "another-version"
    | "no-stack-changes"
    | "emergency"
    | "emergency-unasked"
    | "window-closed"
    | "not-its-time"
    | "scheduled-otherwise"
    | "not-announced"
    | "restored-elsewhere";
  /** What is wrong, with the values seen and what is allowed. */
  readonly message: string;
  readonly mend: string;
}
