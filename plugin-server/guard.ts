export type Rpc =
  | "Configure"
  | "Check"
  | "Diff"
  | "Create"
  | "Update"
  | "Read"
  | "Delete"
  | "Invoke"
  | "preview Create"
  | "preview Update";

/** Decides, call by call, what a plugin may be asked. */
export interface Guard {
  /** Whether this is an offline preview, in which no cloud may be asked. */
  readonly offline: boolean;
  /** @throws UserError when the plugin does not serve this resource, or not this operation */
  admit(rpc: Rpc, urn: string): void;
  /**
   * For calls that carry no URN.
   * @throws UserError when the operation would need a cloud in an offline preview
   */
  admitOperation(rpc: Rpc, what: string): void;
}
