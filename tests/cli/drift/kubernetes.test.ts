import assert from "node:assert/strict";
import { compareKubernetes } from "../../../cli/drift/compare-kubernetes";
import type { RecordedResource } from "../../../cli/drift/finding";
import type { Json } from "../../../release/targets/json";

const manager = "pulumi-kubernetes-d1ef20a2";
const labels = { app: "web", "app.kubernetes.io/managed-by": "pulumi" };
const container = {
  name: "web",
  image: "registry.invalid/web@sha256:1",
  env: [{ name: "MODE", value: "on" }],
  resources: { limits: { cpu: "1000m", memory: "128Mi" } },
};
const spec = {
  selector: { matchLabels: { app: "web" } },
  template: {
    metadata: { labels },
    spec: { enableServiceLinks: false, hostNetwork: false, containers: [container] },
  },
};

function recorded(inputs: Json = {}): RecordedResource {
  return {
    urn: "urn:pulumi:dev::switchyard::kubernetes:apps/v1:Deployment::web",
    type: "kubernetes:apps/v1:Deployment",
    id: "shop/web",
    inputs: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "shop", labels },
      spec,
      ...inputs,
    },
    secretPaths: [],
    outputs: { __fieldManager: manager },
  };
}

/** As the API server shows it: defaults filled in, quantities in their shortest form, replicas by a release. */
function live(
  change: { container?: Json; podSpec?: Json; metadata?: Json; spec?: Json; managedFields?: Json[] } = {},
): Json {
  const leaf = {};
  const ours = {
    "f:metadata": { "f:labels": { "f:app": leaf, "f:app.kubernetes.io/managed-by": leaf } },
    "f:spec": {
      "f:selector": leaf,
      "f:template": {
        "f:metadata": { "f:labels": { "f:app": leaf, "f:app.kubernetes.io/managed-by": leaf } },
        "f:spec": {
          "f:enableServiceLinks": leaf,
          "f:hostNetwork": leaf,
          "f:containers": {
            'k:{"name":"web"}': {
              ".": leaf,
              "f:name": leaf,
              "f:image": leaf,
              "f:env": { 'k:{"name":"MODE"}': { ".": leaf, "f:name": leaf, "f:value": leaf } },
              "f:resources": { "f:limits": { "f:cpu": leaf, "f:memory": leaf } },
            },
          },
        },
      },
    },
  };
  return {
    metadata: {
      name: "web",
      namespace: "shop",
      uid: "1",
      generation: 3,
      labels,
      annotations: { "deployment.kubernetes.io/revision": "2" },
      managedFields: change.managedFields ?? [
        { manager, operation: "Apply", fieldsV1: ours },
        {
          manager: "kube-controller-manager",
          operation: "Update",
          fieldsV1: { "f:metadata": { "f:annotations": { "f:deployment.kubernetes.io/revision": leaf } } },
        },
        {
          manager: "switchyard-release",
          operation: "Update",
          subresource: "scale",
          fieldsV1: { "f:spec": { "f:replicas": leaf } },
        },
      ],
      ...change.metadata,
    },
    spec: {
      replicas: 4,
      progressDeadlineSeconds: 600,
      ...spec,
      template: {
        metadata: { labels },
        spec: {
          enableServiceLinks: false,
          restartPolicy: "Always",
          containers: [
            {
              ...container,
              imagePullPolicy: "IfNotPresent",
              resources: { limits: { cpu: "1", memory: "128Mi" } },
              ...change.container,
            },
          ],
          ...change.podSpec,
        },
      },
      ...change.spec,
    },
    status: { readyReplicas: 4 },
  };
}

const by = (name: string, fieldsV1: Json): Json => ({ manager: name, operation: "Update", fieldsV1 });
const managedFields = (object: Json): Json[] =>
  (object as { metadata: { managedFields: Json[] } }).metadata.managedFields;
const paths = (resource: RecordedResource, object: Json) =>
  compareKubernetes(resource, object).changes.map(({ kind, path }) => `${kind} ${path}`);

describe("drift of a Kubernetes object", () => {
  it("is none for defaults, quantities in another form, zeroes left out, replicas and controllers' annotations", () => {
    assert.deepEqual(compareKubernetes(recorded(), live()), { changes: [], remarks: [] });
  });

  it("is none for another number of replicas, whoever wrote it", () => {
    const fields = [...managedFields(live()), by("kubectl-scale", { "f:spec": { "f:replicas": {} } })];
    assert.deepEqual(paths(recorded(), live({ spec: { replicas: 0 }, managedFields: fields })), []);
  });

  it("names a changed field and who wrote it", () => {
    const image = { "f:containers": { 'k:{"name":"web"}': { "f:image": {} } } };
    const foreign = by("kubectl-edit", { "f:spec": { "f:template": { "f:spec": image } } });
    const found = compareKubernetes(
      recorded(),
      live({
        container: { image: "registry.invalid/web:latest" },
        managedFields: [...managedFields(live()), foreign],
      }),
    );
    assert.deepEqual(
      found.changes.map(({ path }) => path),
      ["spec.template.spec.containers[0].image"],
    );
    assert.deepEqual(found.remarks, ["spec.template.spec.containers[0].image was written by kubectl-edit"]);
  });

  it("names a field of the same value that another manager has taken over", () => {
    const [, ...others] = managedFields(live());
    const found = compareKubernetes(
      recorded({ spec: { selector: spec.selector } }),
      live({ managedFields: [...others, by("kubectl-apply", { "f:spec": { "f:selector": {} } })] }),
    );
    assert.deepEqual(found.remarks, ["spec.selector.matchLabels.app belongs to kubectl-apply"]);
  });

  it("names what somebody added: a container, a label, a variable", () => {
    const sidecar = { name: "sidecar", image: "registry.invalid/sidecar" };
    const fields = [
      ...managedFields(live()),
      by("somebody", {
        "f:metadata": { "f:labels": { "f:extra": {} } },
        "f:spec": { "f:template": { "f:spec": { "f:hostPID": {} } } },
      }),
    ];
    const object = live({
      podSpec: { hostPID: true, containers: [{ ...container }, sidecar] },
      metadata: { labels: { ...labels, extra: "x" } },
      managedFields: fields,
    });
    // The metadata given replaces the one with managedFields.
    const whole = { ...object, metadata: { ...(object.metadata as Json), managedFields: fields } };
    assert.deepEqual(paths(recorded(), whole), [
      "add spec.template.spec.containers[1]",
      "add metadata.labels.extra",
      "add spec.template.spec.hostPID",
    ]);
  });

  it("a field that somebody removed is drift, also when it was declared as false", () => {
    const { enableServiceLinks: _gone, ...podSpec } = spec.template.spec;
    const [first, ...others] = structuredClone(managedFields(live())) as [
      { fieldsV1: { "f:spec": { "f:template": { "f:spec": Json } } } },
      ...Json[],
    ];
    delete (first.fieldsV1["f:spec"]["f:template"]["f:spec"] as Record<string, unknown>)[
      "f:enableServiceLinks"
    ];
    const object = live({
      spec: { template: { metadata: { labels }, spec: podSpec } },
      managedFields: [first as unknown as Json, ...others],
    });
    assert.deepEqual(paths(recorded(), object), ["delete spec.template.spec.enableServiceLinks"]);
  });

  it("an item put before the others of a list is one addition, not a change of all", () => {
    const env = [{ name: "FIRST", value: "1" }, ...container.env];
    assert.deepEqual(paths(recorded(), live({ container: { env } })), [
      "add spec.template.spec.containers[0].env[0]",
    ]);
  });

  it("of a Secret names the key and shows no value, also where it was declared as text", () => {
    const canary = "canary-7f3a9";
    const resource = recorded({
      apiVersion: "v1",
      kind: "Secret",
      spec: undefined,
      stringData: { password: canary, user: "kept" },
    });
    const encoded = (text: string) => Buffer.from(text).toString("base64");
    const object = {
      metadata: { name: "web", namespace: "shop", labels },
      data: { password: encoded("another-secret"), user: encoded("kept") },
    };
    const found = compareKubernetes(resource, object);
    assert.deepEqual(found.changes, [{ path: "data.password", kind: "update", withheld: "secret" }]);
    assert.doesNotMatch(JSON.stringify(found), /canary|another|Y2FuYXJ5/);
  });
});
