import { kubernetes } from "../../../policies/kubernetes/types";
import { retail } from "../../../policies/systems";
import type { Environment } from "../../../runbooks/model";
import type { FixtureResource } from "./fixture";
import { type GoldenDeclared, goldenStack } from "./golden-stack";
import { kiranaStack } from "./kirana-stack";

/** A system on the cluster: its stack is the program's own, with the platform under it. */
export type ClusterStackName = "kirana-store" | "retail-agentic" | "case-management";
/** `rights`: retail-agentic with roles of the cluster, which no system declares. */
export type StackName = "kirana-inventory" | "tesoro-xp" | ClusterStackName | "rights";

const stacks = new Map<string, readonly FixtureResource[]>();

/** A stack that every rule passes; the same objects each time. */
export function stackOf(name: StackName, environment: Environment): readonly FixtureResource[] {
  const key = `${name} ${environment}`;
  const stack = stacks.get(key) ?? make(name, environment);
  stacks.set(key, stack);
  return stack;
}

function make(name: StackName, environment: Environment): readonly FixtureResource[] {
  if (name === "kirana-inventory") return kiranaStack(environment);
  if (name === "tesoro-xp") return programStack([name], environment);
  return name === "rights"
    ? [...clusterStack("retail-agentic", environment), ...rights]
    : clusterStack(name, environment);
}

/** Rights that a program in the cluster may have, under retail-agentic. */
const rights: readonly FixtureResource[] = Object.entries({
  [kubernetes.role]: { rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] }] },
  [kubernetes.clusterRole]: { rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }] },
  [kubernetes.roleBinding]: {
    roleRef: { kind: "Role", name: "reads-config" },
    subjects: [{ kind: "ServiceAccount", name: "retail-backend" }],
  },
  [kubernetes.clusterRoleBinding]: {
    roleRef: { kind: "ClusterRole", name: "reads-nodes" },
    subjects: [{ kind: "ServiceAccount", name: "retail-backend", namespace: "retail-agentic" }],
  },
}).map(([type, props]) => ({
  key: type,
  type,
  props,
  protect: false,
  ignoreChanges: [],
  path: `${retail.component}$${type}`,
}));

function clusterStack(name: ClusterStackName, environment: Environment): readonly FixtureResource[] {
  return programStack(["platform", name], environment);
}

/** As the golden files hold them. */
export function programStack(
  systems: readonly string[],
  environment: Environment,
): readonly FixtureResource[] {
  return goldenStack(environment, systems).map(fixtureOf);
}

/** A component that shares its name with something else has its type before it. */
export function fixtureOf(resource: GoldenDeclared): FixtureResource {
  return {
    key: /^switchyard:(?!index:)/.test(resource.type) ? `${resource.type} ${resource.name}` : resource.name,
    type: resource.type,
    props: resource.inputs as Record<string, unknown>,
    protect: resource.protect,
    ignoreChanges: resource.ignoreChanges,
    path: resource.urn.split("::")[2]!,
  };
}
