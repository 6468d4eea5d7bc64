import { OfflineAwareGuard, type Rpc } from "../plugin-server/guard";
import { parseUrn } from "../plugin-server/values/urn";
import { UserError } from "../release/user-error";

const needsACloud: ReadonlySet<Rpc> = new Set(["Create", "Update", "Read", "Delete"]);

/** Serves every stack; in an offline preview only the one that is previewed, and only what asks nobody. */
export class StackGuard extends OfflineAwareGuard {
  admit(rpc: Rpc, urn: string): void {
    if (!this.offline) return;
    const stack = parseUrn(urn)?.stack;
    if (stack !== this.offlineStack) {
      throw new UserError(
        `refused: SWITCHYARD_OFFLINE_STACK says that stack "${this.offlineStack}" is previewed offline, and ${rpc} was asked for stack "${stack}"`,
        { mend: "unset SWITCHYARD_OFFLINE_STACK, or set it to the stack that is previewed" },
      );
    }
    this.admitOperation(rpc, urn);
  }

  /** `Invoke` is let through: `observe` then answers that nothing is known. */
  admitOperation(rpc: Rpc, what: string): void {
    if (!this.offline || !needsACloud.has(rpc)) return;
    throw new UserError(
      `refused: ${rpc} of ${what} needs a cloud, and this is an offline preview of stack "${this.offlineStack}"`,
      { mend: "leave out refresh and import, or run without --offline" },
    );
  }
}
