import * as pulumi from "@pulumi/pulumi";
import type { Target } from "../../runbooks/target";

export interface TrackArgs {
  /** The system whose releases move this traffic, such as `retail-agentic`. */
  readonly system: string;
  /** Where the traffic is decided; plain values, so that a preview can look. */
  readonly target: Target;
  /** The side that has the traffic when the object is first made; not read afterwards. */
  readonly initial: string;
  /**
   * Release key by declared side, as `releaseKeys` of runbooks/sides.ts makes it; for slots a digest of each side's
   * configuration.
   */
  readonly sides: Readonly<Record<string, string>>;
  /**
   * Container in which the system's releases keep journal and lease, `https://ACCOUNT.blob.core.windows.net/CONTAINER`.
   * @default - dev: the folder of the local state; elsewhere it is required
   */
  readonly journal?: string;
}

/**
 * Guards what is live of a system. It makes the object that carries the traffic once, in the runbook's initial
 * position, and never writes it again: afterwards only the release does. In preview it refuses changes of a side that
 * has traffic or is kept for a rollback. All sides of the system depend on it. It has no outputs: what is live is
 * asked of `observe`.
 */
export class Track extends pulumi.CustomResource {
  constructor(name: string, args: TrackArgs, options?: pulumi.CustomResourceOptions) {
    super("switchyard:index:Track", name, { ...args }, options);
  }
}
