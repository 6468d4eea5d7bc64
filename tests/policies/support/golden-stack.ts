import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unknownCheckingProxy } from "@pulumi/policy";
import type { DeclaredResource, Properties } from "../../../policies/resource";
import type { Environment } from "../../../runbooks/model";
import { root } from "../../support/root";

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

/** A resource of the program, with its inputs as they are. */
export interface GoldenDeclared extends DeclaredResource {
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What the program declares in an environment: every system together, or those that are named. */
export function goldenStack(environment: Environment, systems?: readonly string[]): GoldenDeclared[] {
  const folder = join(root, "tests", "infra", "golden", environment);
  const files = systems?.map((system) => `${system}.json`) ?? readdirSync(folder);
  return files.flatMap((file) => goldenSystem(environment, readFileSync(join(folder, file), "utf8")));
}

/** What one system declares. @param text as a golden file holds it */
export function goldenSystem(environment: Environment, text: string): GoldenDeclared[] {
  const golden = JSON.parse(text) as Record<string, GoldenResource>;
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
    inputs: named.resource.inputs,
    protect: named.resource.protect ?? false,
    ignoreChanges: named.resource.ignoreChanges ?? [],
  }));
}
