import { type Environment, environments } from "../runbooks/model";

/** Name of the stack that a URN belongs to: `urn:pulumi:STACK::PROJECT::TYPES::NAME`. */
export function stackNameOf(urn: string): string {
  return urn.split("::", 1)[0]!.split(":").slice(2).join(":");
}

/**
 * Environment of a stack: its name, or what stands before the first hyphen (`production-platform` holds a system of
 * its own). Any other name counts as production, so that no stack escapes the strict rules by its name; dev is one stack.
 */
export function environmentOf(stackName: string): Environment {
  const first = stackName.split("-", 1)[0];
  const environment = environments.find((each) => each === first) ?? "production";
  return environment === "dev" && stackName !== "dev" ? "production" : environment;
}
