import type { ArmScope } from "./arm-id";

/** Who a resource belongs to and how it may be treated. Azure compares tag names without regard to case. */
export type Tags = Readonly<Record<string, string>>;

/** How the data behind a resource is to be treated. */
export type DataClassification = "none" | "internal" | "confidential";

/** Where a component's resources go, and what they all carry. */
export interface Placement extends ArmScope {
  readonly location: string;
  readonly tags: Tags;
  /** Outside dev: refuse deletion in preview (`protect`), and in Azure (locks). */
  readonly guarded: boolean;
}

export interface TagSource {
  readonly system: string;
  readonly environment: string;
  readonly stack: string;
  readonly owner: string;
  readonly costCenter: string;
  readonly extra: Tags;
}

/** Tags of all resources of a system. The system's own win over a stack's extra ones. */
export function tagsOf({ extra, ...own }: TagSource): Tags {
  return { ...extra, ...own, managedBy: "pulumi", dataClassification: "none" };
}

/** The same tags for a resource that holds data. */
export function classified(tags: Tags, dataClassification: DataClassification): Tags {
  return { ...tags, dataClassification };
}
