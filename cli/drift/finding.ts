import type { PropertyChange } from "../../reports/model";

/** What a look at the live world says of one resource. */
export interface Finding {
  /** Of a resource that nobody declared: the URN that a declaration by its own name would have. */
  readonly urn: string;
  readonly type: string;
  readonly check: DriftCheck;
  /** `undecided`: the cloud did not say; that is never "no drift". */
  readonly state: "same" | "differs" | "missing" | "undeclared" | "undecided";
  readonly changes: readonly PropertyChange[];
  /** Who wrote what, or why nothing can be said. */
  readonly remarks: readonly string[];
}

/** The three things that are looked for; each is a rule in the reports. */
export type DriftCheck = "azure" | "kubernetes" | "undeclared";

/** A resource of the recorded state with its inputs in clear, which stay in memory. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  /** ARM id, or `NAMESPACE/NAME`. */
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Paths of inputs that the engine holds as secrets. */
  readonly secretPaths: readonly Path[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

export type Path = readonly (string | number)[];

/** Whether one of two paths lies at or below the other. */
export function overlap(one: Path, other: Path): boolean {
  const shorter = Math.min(one.length, other.length);
  return one.slice(0, shorter).every((step, index) => step === other[index]);
}
