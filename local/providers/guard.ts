import { OfflineAwareGuard, type Rpc } from "../../plugin-server/guard";
import { parseUrn } from "../../plugin-server/values/urn";
import { UserError } from "../user-error";

/** The one project and the one stack that the embedded cloud may ever see. */
const PROJECT = "switchyard";
const LOCAL_STACK = "dev";

const ANSWERED_OFFLINE: ReadonlySet<Rpc> = new Set([
  "Configure",
  "Check",
  "Diff",
  "preview Create",
  "preview Update",
]);

/**
 * Keeps the stand-ins away from everything real: each call is refused unless it is about this project's local stack. In
 * an offline preview of another stack exactly that stack is let through, and only what a preview needs.
 */
export class LocalGuard extends OfflineAwareGuard {
  /** @throws UserError when the call is not about the stack served, or needs a cloud in an offline preview */
  admit(rpc: Rpc, urn: string): void {
    const parsed = parseUrn(urn);
    if (parsed === undefined) throw new UserError(`${rpc} was asked for "${urn}", which is not a Pulumi URN`);
    const stack = this.offlineStack ?? LOCAL_STACK;
    if (parsed.project !== PROJECT || parsed.stack !== stack) {
      throw new UserError(
        `refused: this is a local stand-in for Azure. It serves stack "${stack}" of project "${PROJECT}" only, ` +
          `and was asked for stack "${parsed.stack}" of project "${parsed.project}" (${rpc}, ${parsed.name})`,
        { mend: this.mend(parsed.stack) },
      );
    }
    this.admitOperation(rpc, urn);
  }

  /** @throws UserError when the operation would need a cloud in an offline preview */
  admitOperation(rpc: Rpc, what: string): void {
    if (!this.offline || ANSWERED_OFFLINE.has(rpc)) return;
    throw new UserError(
      `refused: ${rpc} of ${what} needs a cloud, and this is an offline preview of stack "${this.offlineStack}"`,
      {
        mend: "leave out refresh, import, .get() and function calls, or run without --offline against Azure",
      },
    );
  }

  private mend(stack: string): string {
    if (this.offline) return `unset SWITCHYARD_OFFLINE_STACK, or set it to the stack that is previewed`;
    return (
      `to see what would change: npx switchyard preview --stack ${stack} --offline. ` +
      "To deploy it: the official plugins, that is a PULUMI_HOME other than .switchyard/pulumi-home"
    );
  }
}
