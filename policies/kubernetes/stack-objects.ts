import type { DeclaredResource } from "../resource";
import type { StackView } from "../stack-view";
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

/** Namespaces of the stack, those of the gateway left out. */
export function workNamespaces(stack: StackView): readonly DeclaredResource[] {
  const gateways = gatewayNamespaces(stack);
  return stack.ofType(kubernetes.namespace).filter((namespace) => !gateways.has(objectName(namespace)));
}
