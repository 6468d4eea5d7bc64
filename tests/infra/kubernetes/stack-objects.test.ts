import assert from "node:assert/strict";
import type { Rendered, RenderedResource } from "../support/render";
import { unwrapped } from "../support/secrets";
import { renderedStack } from "../support/stack-rendering";

// What an API server would refuse, or a provider would wait for without an end, and the mocks take without a word.

interface ObjectInputs {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: { readonly type?: string };
}

/**
 * Kinds that this project declares. Another one is added here once it was tried against a real API server:
 * server-side-apply.slow.test.ts puts each to one, cert-manager's too, by their published definitions. Not the objects of a
 * chart (`Release`), and no controller of cert-manager ran.
 */
const knownKinds = [
  "Certificate",
  "ClusterIssuer",
  "ConfigMap",
  "CronJob",
  "Deployment",
  "Gateway",
  "HTTPRoute",
  "HorizontalPodAutoscaler",
  "Issuer",
  "LimitRange",
  "Namespace",
  "NetworkPolicy",
  "PodDisruptionBudget",
  "PodMonitor",
  "Release",
  "ResourceQuota",
  "SecretProviderClass",
  "Service",
  "ServiceAccount",
  "StatefulSet",
];

const kindOf = ({ type }: RenderedResource) => type.split(":").at(-1)!;

for (const environment of ["dev", "production"] as const) {
  describe(`objects on the cluster of ${environment}`, function () {
    // All systems: about 800 resources, rendered for every file of tests/infra/ together.
    this.timeout(60_000);
    let rendered: Rendered;
    let objects: readonly (RenderedResource & { readonly object: ObjectInputs })[];
    before(async () => {
      rendered = await renderedStack(environment);
      objects = rendered.resources
        .filter(({ type }) => type.startsWith("kubernetes:"))
        .map((resource) => ({ ...resource, object: unwrapped(resource.inputs) as ObjectInputs }));
      assert.ok(objects.length > 150, String(objects.length));
    });

    it("are of known kinds: none that decides about traffic or is waited for in vain", () => {
      for (const found of objects)
        assert.ok(knownKinds.includes(kindOf(found)), `${kindOf(found)} ${found.name}`);
      const types = objects
        .filter((found) => kindOf(found) === "Service")
        .map(({ object }) => object.spec?.type);
      assert.ok(types.every((type) => type === undefined || type === "ClusterIP"));
    });

    it("are each declared once: a second declaration would fight with the first over its fields", () => {
      const seen = new Map<string, string>();
      for (const found of objects) {
        const { name, namespace } = found.object.metadata ?? {};
        if (kindOf(found) === "Release") continue;
        const key = `${kindOf(found)} ${namespace ?? ""}/${name ?? ""}`;
        assert.equal(seen.get(key), undefined, `${key} of ${found.name}`);
        seen.set(key, found.name);
      }
    });

    it("have names that Kubernetes takes (RFC 1123)", () => {
      for (const found of objects) {
        if (kindOf(found) === "Release") continue;
        const name = found.object.metadata?.name ?? "";
        assert.match(name, /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, found.name);
        // A CronJob's Jobs and their pods get a suffix.
        assert.ok(name.length <= (kindOf(found) === "CronJob" ? 52 : 63), name);
      }
    });

    it("are waited for a stated time only", () => {
      for (const { name, timeouts } of objects) {
        for (const time of Object.values(timeouts)) assert.match(time, /^\d+m/, name);
      }
    });
  });
}
