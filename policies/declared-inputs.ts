import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import type { DeclaredResource, Properties } from "./resource";
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
  remember(args: ResourceValidationArgs): DeclaredResource {
    const resource = declaredResource(args);
    this.#byUrn.set(args.urn, resource);
    return resource;
  }

  /** What rules see of a stack. Every rule is asked about the same resources, one after the other. */
  viewOf(all: readonly PolicyResource[]): StackView {
    const resources = all.map((resource) => this.of(resource));
    const seen = this.#view?.resources;
    const same = seen?.length === resources.length && resources.every((one, index) => one === seen[index]);
    if (!same || !this.#view) this.#view = new StackView(resources);
    return this.#view;
  }

  /** Outputs stand in for a resource whose inputs were not seen: the pack was asked about the stack alone. */
  of(resource: PolicyResource): DeclaredResource {
    return this.#byUrn.get(resource.urn) ?? declaredResource(resource);
  }
}

function declaredResource(from: ResourceValidationArgs | PolicyResource): DeclaredResource {
  return {
    urn: from.urn,
    type: from.type,
    name: from.name,
    props: from.props as Properties,
    protect: from.opts.protect,
    ignoreChanges: from.opts.ignoreChanges,
  };
}
