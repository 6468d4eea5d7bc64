import { judgeEach } from "../decide";
import type { DeclaredResource } from "../resource";
import type { StackView } from "../stack-view";
import { type Finding, type Judgement, judged, notApplicable } from "../verdict";
import { namespaceOf, objectName } from "./objects";
import { kubernetes } from "./types";

/** The objects of some types in one namespace. An object that names no namespace is in none that a rule looks at. */
export function inNamespace(
  stack: Pick<StackView, "ofType">,
  namespace: string,
  ...types: readonly string[]
): readonly DeclaredResource[] {
  return stack.ofType(...types).filter((object) => namespaceOf(object) === namespace);
}

/** Names of the namespaces whose pods are the gateway's own: the mesh makes them, and every request passes them. */
export function gatewayNamespaces(stack: StackView): ReadonlySet<string> {
  return new Set(stack.ofType(kubernetes.gateway).map(namespaceOf));
}

/** A judgement of each namespace of the stack, those of the gateway left out. */
export function judgeWorkNamespaces(
  stack: StackView,
  judge: (namespace: DeclaredResource) => readonly Finding[],
): Judgement {
  const gateways = gatewayNamespaces(stack);
  const namespaces = stack
    .ofType(kubernetes.namespace)
    .filter((namespace) => !gateways.has(objectName(namespace)));
  if (namespaces.length === 0) return notApplicable("the stack has no namespace with work of its own");
  return judged(judgeEach(namespaces, ({ urn }) => urn, judge));
}
