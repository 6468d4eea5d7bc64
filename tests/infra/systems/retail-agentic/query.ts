import assert from "node:assert/strict";
import { retailAgentic as contract } from "../../../../runbooks/retail-agentic";
import { ofType } from "../../support/query";
import type { Rendered, RenderedResource } from "../../support/render";
import { unwrapped } from "../../support/secrets";

export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

export interface PodSpec {
  readonly containers: readonly {
    readonly image: string;
    readonly command?: readonly string[];
    readonly env: readonly {
      name: string;
      value?: string;
      valueFrom?: { secretKeyRef?: { name: string } };
    }[];
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly volumes: readonly { readonly name: string; readonly projected?: { readonly sources: unknown } }[];
}

/** What the system has of its own; the platform is rendered beside it. */
export function owned({ resources }: Rendered): readonly RenderedResource[] {
  return resources.filter(({ name }) => name.startsWith(contract.system) || name.startsWith("retail-"));
}

export function objects(rendered: Rendered, kind: string): readonly (KubernetesObject & RenderedResource)[] {
  return owned(rendered)
    .filter(({ type }) => type.startsWith("kubernetes:") && type.endsWith(`:${kind}`))
    .map((resource) => ({ ...resource, ...(unwrapped(resource.inputs) as KubernetesObject) }));
}

export function object(rendered: Rendered, kind: string, name: string): KubernetesObject & RenderedResource {
  const found = objects(rendered, kind).filter(({ metadata }) => metadata.name === name);
  assert.equal(found.length, 1, `${kind} ${name}`);
  return found[0]!;
}

/** Pods that a Deployment, a StatefulSet or a CronJob makes. */
export function podsOf({ spec }: KubernetesObject): PodSpec {
  const { template, jobTemplate } = spec as {
    template?: { spec: PodSpec };
    jobTemplate?: { spec: { template: { spec: PodSpec } } };
  };
  return (template ?? jobTemplate!.spec.template).spec;
}

/** Inputs of the system's Azure resources of a type. */
export function inputsOf(rendered: Rendered, type: string): readonly Record<string, unknown>[] {
  return ofType({ ...rendered, resources: owned(rendered) }, type).map(
    ({ inputs }) => unwrapped(inputs) as Record<string, unknown>,
  );
}
