import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unknownCheckingProxy } from "@pulumi/policy";
import type { DeclaredResource, Properties } from "../../../policies/resource";
import type { Environment } from "../../../runbooks/model";
import { root } from "../../infra/support/root";

/** A resource as tests/infra/golden holds it, under the key `TYPE NAME`. */
interface GoldenResource {
  readonly parent?: string;
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly inputs: Record<string, unknown>;
}

interface Named {
  readonly type: string;
  readonly name: string;
  readonly resource: GoldenResource;
}

/** Everything that the committed stack of an environment declares, all its systems together. */
export function goldenStack(environment: Environment): DeclaredResource[] {
  const folder = join(root, "tests", "infra", "golden", environment);
  return readdirSync(folder).flatMap((file) => goldenSystem(environment, join(folder, file)));
}

function goldenSystem(environment: Environment, file: string): DeclaredResource[] {
  const golden = JSON.parse(readFileSync(file, "utf8")) as Record<string, GoldenResource>;
  const all = Object.entries(golden).map(([key, resource]): Named => {
    const [type, name] = key.split(" ") as [string, string];
    return { type, name, resource };
  });
  // Another resource may have a component's name; a parent is the component.
  const parents = new Map(all.map((named) => [named.name, named]));
  for (const named of all) if (named.type.startsWith("switchyard:")) parents.set(named.name, named);
  const typesOf = ({ type, resource }: Named): string =>
    resource.parent ? `${typesOf(parents.get(resource.parent)!)}$${type}` : type;
  return all.map((named) => ({
    urn: `urn:pulumi:${environment}::switchyard::${typesOf(named)}::${named.name}`,
    type: named.type,
    name: named.name,
    props: unknownCheckingProxy(named.resource.inputs) as Properties,
    protect: named.resource.protect ?? false,
    ignoreChanges: named.resource.ignoreChanges ?? [],
  }));
}
