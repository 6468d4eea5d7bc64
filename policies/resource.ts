import type { Environment } from "../runbooks/model";
import { environmentOf, stackNameOf } from "./environment";
import { type CommonContract, kirana, systemOfUrn } from "./systems";

export type Properties = Readonly<Record<string, unknown>>;

/** A resource as its program declares it: inputs, and the options that rules look at. */
export interface DeclaredResource {
  readonly urn: string;
  /** Pulumi's type token, e.g. `azure-native:web:WebApp`. */
  readonly type: string;
  /** Name in the program, not in Azure. */
  readonly name: string;
  /** Reading a value that preview does not know throws `UnknownValueError`. */
  readonly props: Properties;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
}

/** Environment of the stack that the resource is in. */
export function environmentOfResource(resource: DeclaredResource): Environment {
  return environmentOf(stackNameOf(resource.urn));
}

/**
 * Contract that a resource is held to. One outside every system is refused by `resource-in-system`; it is held to the
 * contract of kirana-inventory all the same, so that no rule falls silent over it.
 */
export function contractOf(resource: DeclaredResource): CommonContract {
  return (systemOfUrn(resource.urn) ?? kirana).contract;
}
