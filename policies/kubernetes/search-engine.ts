import { azure } from "../azure/types";
import { isKnown, optional } from "../read";
import type { DeclaredResource } from "../resource";
import type { SystemView } from "../stack-view";
import { retail } from "../systems";
import { kubernetes } from "./types";

const { name } = retail.contract.search;

/** Whether it is the stack's own search engine. */
export function isSearchEngine(set: DeclaredResource): boolean {
  return set.type === kubernetes.statefulSet && optional(set, "metadata.name") === name;
}

/**
 * Whether a system's search engine is the owner's (conflicts 19): its address leads out of the cluster, and none is
 * declared in it. An address that preview does not know is the stack's own.
 */
export function searchIsElsewhere(view: Pick<SystemView, "ofType">): boolean {
  return (
    view.ofType(azure.vaultSecret).some(leadsElsewhere) &&
    !view.ofType(kubernetes.statefulSet).some(isSearchEngine)
  );
}

function leadsElsewhere(secret: DeclaredResource): boolean {
  if (optional(secret, "secretName") !== "elasticsearch-url" || !isKnown(secret, "properties.value"))
    return false;
  const [, host] = /^https:\/\/(?:[^@/]*@)?([^:/]+)/.exec(String(optional(secret, "properties.value"))) ?? [];
  return host !== undefined && host !== name;
}
