import type { Environment } from "../runbooks/model";
import { environmentOf, stackNameOf } from "./environment";
import type { DeclaredResource } from "./resource";
import { type CommonContract, type SystemContract, systemOfUrn } from "./systems";

/** The part of a stack that belongs to one system. */
export interface SystemView<Contract extends CommonContract = CommonContract> {
  readonly name: string;
  readonly contract: Contract;
  readonly environment: Environment;
  /** Findings about something that is missing are pinned to the system's component. */
  readonly urn: string;
  readonly resources: readonly DeclaredResource[];
  ofType(...types: readonly string[]): readonly DeclaredResource[];
}

/** Everything that a stack declares. */
export class StackView {
  readonly environment: Environment;
  /** The stack itself. */
  readonly urn: string;
  readonly #byType: ReadonlyMap<string, readonly DeclaredResource[]>;
  readonly #systems = new Map<SystemContract, SystemView | undefined>();
  #bySystem: ReadonlyMap<SystemContract | undefined, readonly DeclaredResource[]> | undefined;

  constructor(readonly resources: readonly DeclaredResource[]) {
    const first = resources[0]?.urn ?? "";
    this.environment = environmentOf(stackNameOf(first));
    this.urn = stackUrnOf(first);
    this.#byType = grouped(resources, ({ type }) => type);
  }

  ofType(...types: readonly string[]): readonly DeclaredResource[] {
    return types.flatMap((type) => this.#byType.get(type) ?? []);
  }

  /** What the stack declares of a system: everything under its component; undefined when there is none. */
  system<Contract extends CommonContract>(
    system: SystemContract<Contract>,
  ): SystemView<Contract> | undefined {
    if (!this.#systems.has(system)) this.#systems.set(system, this.#viewOf(system));
    return this.#systems.get(system) as SystemView<Contract> | undefined;
  }

  #viewOf(system: SystemContract): SystemView | undefined {
    this.#bySystem ??= grouped(this.resources, ({ urn }) => systemOfUrn(urn));
    const resources = this.#bySystem.get(system);
    if (resources === undefined) return undefined;
    const byType = grouped(resources, ({ type }) => type);
    return {
      name: system.name,
      contract: system.contract,
      environment: this.environment,
      urn: (byType.get(system.component)?.[0] ?? resources[0]!).urn,
      resources,
      ofType: (...types) => types.flatMap((type) => byType.get(type) ?? []),
    };
  }
}

/** The stack's own URN, from that of anything in it. */
export function stackUrnOf(urn: string): string {
  const [stack, project] = [stackNameOf(urn), urn.split("::")[1] ?? ""];
  return `urn:pulumi:${stack}::${project}::pulumi:pulumi:Stack::${project}-${stack}`;
}

function grouped<Key>(
  resources: readonly DeclaredResource[],
  keyOf: (resource: DeclaredResource) => Key,
): ReadonlyMap<Key, readonly DeclaredResource[]> {
  const groups = new Map<Key, DeclaredResource[]>();
  for (const resource of resources) {
    const key = keyOf(resource);
    const group = groups.get(key);
    if (group) group.push(resource);
    else groups.set(key, [resource]);
  }
  return groups;
}
