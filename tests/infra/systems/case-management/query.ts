import assert from "node:assert/strict";
import { caseManagement as contract } from "../../../../runbooks/case-management";
import { ofType } from "../../support/query";
import type { Rendered, RenderedResource } from "../../support/render";
import { unwrapped } from "../../support/secrets";

export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly spec: Record<string, unknown>;
  readonly data?: Record<string, string>;
}

/** What the system has of its own; the platform is rendered beside it. */
export function owned({ resources }: Rendered): readonly RenderedResource[] {
  return resources.filter(({ name }) => name.startsWith(contract.system));
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

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env: readonly { name: string; value?: string; valueFrom?: unknown }[];
}

export function jobContainer({ spec }: KubernetesObject): Container {
  const { jobTemplate } = spec as {
    jobTemplate: { spec: { template: { spec: { containers: Container[] } } } };
  };
  return jobTemplate.spec.template.spec.containers[0]!;
}

export function inputsOf(rendered: Rendered, type: string): readonly Record<string, unknown>[] {
  return ofType({ ...rendered, resources: owned(rendered) }, type).map(
    ({ inputs }) => unwrapped(inputs) as Record<string, unknown>,
  );
}
