import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

/** Where a resource was made: the file as a `file:` URL, line and column from 1. */
export interface SourcePosition {
  readonly uri: string;
  readonly line: number;
  readonly column: number;
}

/** Names the file that a run writes its positions to; unset: none is written. */
export const positionsVariable = "SWITCHYARD_SOURCE_POSITIONS";

/** What the SDK keeps of a resource; read at the end of the run, when all of it is set. */
interface Registered {
  readonly __pulumiType: string;
  readonly __name: string;
  readonly __parentResource?: Registered;
}

const declared: [resource: Registered, position: SourcePosition][] = [];

/**
 * Remembers where a resource was made. The engine keeps positions in the state but tells none in its events, so the
 * program writes them itself, by URN, as it ends.
 */
export function noteDeclaration(resource: pulumi.Resource, position: SourcePosition): void {
  const file = process.env[positionsVariable];
  if (!file) return;
  if (declared.length === 0) process.once("exit", () => writePositions(file));
  declared.push([resource as unknown as Registered, position]);
}

function writePositions(file: string): void {
  const prefix = `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}`;
  const positions = Object.fromEntries(
    declared.map(([resource, position]) => [
      `${prefix}::${qualifiedType(resource)}::${resource.__name}`,
      position,
    ]),
  );
  writeFileSync(file, JSON.stringify(positions), { mode: 0o600 });
}

/** The types of a resource and of what it belongs to, from the outside in, as the engine writes them into URNs. */
function qualifiedType(resource: Registered): string {
  const parent = resource.__parentResource;
  const own = resource.__pulumiType;
  if (!parent || parent.__pulumiType === "pulumi:pulumi:Stack") return own;
  return `${qualifiedType(parent)}$${own}`;
}
