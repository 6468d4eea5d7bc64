import type { DeclaredResource, Properties } from "./resource";
import type { Subject } from "./serving/served-policy";
import { StackView } from "./stack-view";

/**
 * The inputs of every resource seen in this run. The engine gives stack policies outputs, in which Azure leaves out what
 * a rule needs (`siteConfig`, secret values, the names that are part of a path) and which preview does not know yet; the
 * inputs, seen one by one before, are the same in preview and update.
 */
export class DeclaredInputs {
  readonly #byUrn = new Map<string, DeclaredResource>();
  #view: StackView | undefined;

  /** Keeps and returns what rules see of a resource. */
  remember(subject: Subject): DeclaredResource {
    const known = this.#byUrn.get(subject.urn);
    if (known && known.props === subject.props) return known;
    const resource = declaredResource(subject);
    this.#byUrn.set(subject.urn, resource);
    return resource;
  }

  /** What rules see of a stack. Every rule is asked about the same resources, one after the other. */
  viewOf(all: readonly Subject[]): StackView {
    const resources = all.map((resource) => this.of(resource));
    const seen = this.#view?.resources;
    const same = seen?.length === resources.length && resources.every((one, index) => one === seen[index]);
    if (!same || !this.#view) this.#view = new StackView(resources);
    return this.#view;
  }

  /** Outputs stand in for a resource whose inputs were not seen: the pack was asked about the stack alone. */
  of(resource: Subject): DeclaredResource {
    return this.#byUrn.get(resource.urn) ?? declaredResource(resource);
  }
}

function declaredResource(from: Subject): DeclaredResource {
  return {
    urn: from.urn,
    type: from.type,
    name: from.name,
    props: from.props as Properties,
    protect: from.opts.protect,
    ignoreChanges: from.opts.ignoreChanges,
  };
}
