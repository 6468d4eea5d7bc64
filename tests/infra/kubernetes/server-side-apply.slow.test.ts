import assert from "node:assert/strict";
import { type ApiClient, ApiError } from "../../../local/cluster/api-client";
import { environments } from "../../../runbooks/model";
import { TestCluster } from "../../local/cluster/support";
import { type GoldenDeclared, goldenStack } from "../../policies/support/golden-stack";

type Spec = Readonly<Record<string, unknown>>;

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Spec;
}

interface PodTemplate {
  readonly metadata?: object;
  readonly spec: Spec;
}

/**
 * Every object that the program renders, put to a real API server as a server-side apply that is not kept: unknown fields
 * are refused, as are values that the kind's schema or admission does not allow. Not shown: the objects of charts, and
 * webhooks of a cluster on Azure (its gateway's, its policy add-on's).
 */
describe("the rendered objects on a real API server", function () {
  this.timeout(300_000);
  const cluster = new TestCluster();
  let api: ApiClient;
  let pathOf: (object: KubernetesObject) => Promise<string>;
  before(async () => {
    await cluster.start();
    api = cluster.api();
    pathOf = pathsOf(api);
  });
  after(() => cluster.remove());

  for (const environment of environments) {
    describe(environment, () => {
      const objects = goldenStack(environment).flatMap(objectOf);

      it("has objects", () => assert.ok(objects.length > 150, String(objects.length)));

      it("namespaces and service accounts are made, for the others to stand in", async () => {
        for (const kind of ["Namespace", "ServiceAccount"]) {
          for (const object of objects.filter((each) => each.kind === kind)) {
            await apply(await pathOf(object), object, "fieldValidation=Strict");
          }
        }
      });

      it("every object is accepted", async () => {
        const refused: string[] = [];
        for (const object of objects) {
          const fault = await faultOf(async () => apply(await pathOf(object), object, dryRun));
          if (fault) refused.push(`${object.kind} ${object.metadata.name}: ${fault}`);
        }
        assert.deepEqual(refused, []);
      });

      it("every pod is admitted to its namespace, which admits restricted ones only", async () => {
        const pods = objects.flatMap(podsOf);
        assert.ok(pods.length > 30, String(pods.length));
        const refused: string[] = [];
        for (const { namespace, name, template } of pods) {
          const pod = {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { ...template.metadata, name },
            spec: template.spec,
          };
          const path = `/api/v1/namespaces/${namespace}/pods?${dryRun}`;
          const fault = await faultOf(() => api.call("POST", path, { body: pod }));
          if (fault) refused.push(`${namespace}/${name}: ${fault}`);
        }
        assert.deepEqual(refused, []);
      });
    });
  }

  it("a field that does not exist is refused, so the tests above can fail", async () => {
    const [object] = goldenStack("production")
      .flatMap(objectOf)
      .filter(({ kind }) => kind === "Deployment");
    assert.ok(object);
    const broken = { ...object, spec: { ...object.spec, replica: 3 } };
    const fault = await faultOf(async () => apply(await pathOf(object), broken, dryRun));
    assert.match(fault ?? "", /replica/);
  });

  const dryRun = "dryRun=All&fieldValidation=Strict";

  function apply(path: string, object: KubernetesObject, query: string): Promise<unknown> {
    return api.call("PATCH", `${path}?fieldManager=pulumi-kubernetes&force=true&${query}`, {
      body: object,
      contentType: "application/apply-patch+yaml",
    });
  }
});

async function faultOf(attempt: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

/** What the provider sends of a resource: its inputs, for `kubernetes:apps/v1:Deployment` and the like. */
function objectOf({ type, inputs }: GoldenDeclared): KubernetesObject[] {
  const [, version, kind] = /^kubernetes:([^:]+):(\w+)$/.exec(type) ?? [];
  // A chart's objects are its publisher's: Helm renders them in the cluster.
  if (!version || !kind || version.startsWith("helm.sh/")) return [];
  return [{ ...inputs, apiVersion: version.replace(/^core\//, ""), kind } as KubernetesObject];
}

/** The path of an object, with the plural that the server's discovery gives for its kind. */
function pathsOf(api: ApiClient): (object: KubernetesObject) => Promise<string> {
  const kinds = new Map<
    string,
    Promise<ReadonlyMap<string, { readonly plural: string; readonly namespaced: boolean }>>
  >();
  const kindsOf = async (root: string) => {
    const { resources } = await api.call<{
      resources: { name: string; kind: string; namespaced: boolean }[];
    }>("GET", root);
    return new Map(
      resources
        .filter(({ name }) => !name.includes("/"))
        .map(({ name, kind, namespaced }) => [kind, { plural: name, namespaced }]),
    );
  };
  return async ({ apiVersion, kind, metadata }) => {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const known = kinds.get(root) ?? kindsOf(root);
    kinds.set(root, known);
    const found = (await known).get(kind);
    assert.ok(found, `the server has no ${kind} in ${apiVersion}`);
    const place = found.namespaced ? `/namespaces/${metadata.namespace}` : "";
    return `${root}${place}/${found.plural}/${metadata.name}`;
  };
}

interface DeclaredPod {
  readonly namespace: string;
  readonly name: string;
  readonly template: PodTemplate;
}

function podsOf({ kind, metadata, spec = {} }: KubernetesObject): DeclaredPod[] {
  const { name, namespace = "" } = metadata;
  const template = templateIn(kind === "CronJob" ? (spec.jobTemplate as { spec: Spec }).spec : spec);
  if (!template) return [];
  // A claim of a StatefulSet becomes a volume of its pods.
  const claims = (spec.volumeClaimTemplates ?? []) as readonly KubernetesObject[];
  const volumes = claims.map((claim) => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: claim.metadata.name },
  }));
  const all = [...((template.spec.volumes as readonly object[] | undefined) ?? []), ...volumes];
  return [{ namespace, name, template: { ...template, spec: { ...template.spec, volumes: all } } }];
}

function templateIn(spec: Spec): PodTemplate | undefined {
  return spec.template as PodTemplate | undefined;
}
