import * as pulumi from "@pulumi/pulumi";
import type { Observation, Target } from "../../runbooks/target";

export interface ObserveArgs {
  readonly system: string;
  /** Name of the `Track` resource, for messages. */
  readonly track: string;
  readonly target: Target;
}

/** What the SDK puts in front of a provider's own words. */
const sdkPrefix = /^invocation of \S+ returned an error: /;

/**
 * What is live at this moment, as a plain value that a program may branch on. The only source of live facts: outputs of
 * a resource that did not change come from the state, and are old.
 *
 * @returns `exists: false` before the first `up`, `known: false` in an offline preview.
 * @throws pulumi.RunError, which ends the run, when the cluster or Azure does not answer or what is found makes no sense.
 */
export async function observe(args: ObserveArgs): Promise<Observation> {
  try {
    return (await pulumi.runtime.invoke("switchyard:index:observe", { ...args })) as Observation;
  } catch (error) {
    // The provider's text says it all; a stack would bury it.
    const text = (error as Error).message.replace(sdkPrefix, "");
    throw new pulumi.RunError(`${args.track}: ${text}`);
  }
}
