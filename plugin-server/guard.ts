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

/** Knows from the environment whether this is an offline preview, and of which stack. */
export abstract class OfflineAwareGuard implements Guard {
  readonly offlineStack: string | undefined;

  /** @param env of the process; `SWITCHYARD_OFFLINE_STACK` names the stack of an offline preview */
  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.offlineStack = env.SWITCHYARD_OFFLINE_STACK || undefined;
  }

  get offline(): boolean {
    return this.offlineStack !== undefined;
  }

  abstract admit(rpc: Rpc, urn: string): void;
  abstract admitOperation(rpc: Rpc, what: string): void;
}
