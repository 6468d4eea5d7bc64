import { appendFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { positionsVariable } from "./source-positions-variable";

/** Where a resource was made: the file as a `file:` URL, line and column from 1. */
export interface SourcePosition {
  readonly uri: string;
  readonly line: number;
  readonly column: number;
}

/** What the SDK keeps of a resource, set before it asks for the position. */
interface Registered {
  readonly __pulumiType: string;
  readonly __name: string;
  readonly __parentResource?: Registered;
}

let waiting: string[] = [];

/**
 * Remembers where a resource was made. The engine keeps positions in the state but tells none in its events, so the
 * program writes them itself: a line each, URN and position, as JSON. It writes while it runs, in few pieces, because
 * the engine ends a program at the first error of a provider.
 */
export function noteDeclaration(resource: pulumi.Resource, position: SourcePosition): void {
  const file = process.env[positionsVariable];
  if (!file) return;
  const registered = resource as unknown as Registered;
  const prefix = `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}`;
  const urn = `${prefix}::${qualifiedType(registered)}::${registered.__name}`;
  if (waiting.push(`${JSON.stringify([urn, position])}\n`) > 1) return;
  const write = () => {
    process.off("exit", write);
    if (waiting.length > 0) appendFileSync(file, waiting.join(""), { mode: 0o600 });
    waiting = [];
  };
  setImmediate(write);
  process.once("exit", write);
}

/** The types of a resource and of what it belongs to, from the outside in, as the engine writes them into URNs. */
function qualifiedType(resource: Registered): string {
  const parent = resource.__parentResource;
  const own = resource.__pulumiType;
  if (!parent || parent.__pulumiType === "pulumi:pulumi:Stack") return own;
  return `${qualifiedType(parent)}$${own}`;
}
