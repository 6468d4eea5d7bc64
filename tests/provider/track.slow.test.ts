import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessByKubeconfig } from "../../release/clients/kubeconfig";
import { KubernetesClient } from "../../release/clients/kubernetes";
import { type Json, listAt, mapAt } from "../../release/targets/json";
import { keyOf } from "../release/support/targets";
import { type EngineRun, TestProject } from "../support/project";
import { until } from "../support/until";

const service = "/api/v1/namespaces/shop/services/web";
const route = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/shop";
const deployment = (colour: string) => `/apis/apps/v1/namespaces/shop/deployments/web-${colour}`;
const keys = { blue: keyOf("1"), green: keyOf("2") };

/** The real engine, the real Kubernetes provider and a real API server; pods are emulated. */
describe("Track under the engine", function () {
  this.timeout(180_000);
  let project: TestProject;
  let cluster: KubernetesClient;

  const declared = (sides: Record<string, string>, more: Record<string, string> = {}) => ({
    SHOP_KEYS: JSON.stringify(sides),
    ...more,
  });
  const run = (argv: readonly string[], environment = declared(keys)) => project.pulumi(argv, environment);
  const up = (environment = declared(keys)) => run(["up", "--yes", "--skip-preview"], environment);
  const said = ({ stdout, stderr }: EngineRun) => stdout + stderr;
  const replicas = async (colour: string) => mapAt(await cluster.find(deployment(colour)), "spec").replicas;
  const ready = async (colour: string) =>
    mapAt(await cluster.find(deployment(colour)), "status").readyReplicas ?? 0;
  const patch = (path: string, change: Json) => cluster.patch(path, change, "switchyard-release");
  const scale = (colour: string, count: number) =>
    patch(`${deployment(colour)}/scale`, { spec: { replicas: count } });
  const point = (colour: string) =>
    patch(service, { spec: { selector: { app: "web", deployment: colour } } });

  async function unchanged(...flags: string[]): Promise<void> {
    const { exitCode, operations, stdout, stderr } = await run(["preview", "--expect-no-changes", ...flags]);
    assert.equal(exitCode, 0, stdout + stderr);
    assert.deepEqual(
      Object.keys(operations).filter((operation) => operation !== "refresh"),
      ["same"],
    );
  }

  /** @param only of one track: what the other one would say of it depends on which is asked first */
  async function refused(
    sides: Record<string, string>,
    reason: RegExp,
    only?: "SHOP_SERVICE_KEYS" | "SHOP_ROUTE_KEYS",
  ): Promise<void> {
    const changed = only === undefined ? declared(sides) : declared(keys, { [only]: JSON.stringify(sides) });
    const result = await run(["preview"], changed);
    assert.notEqual(result.exitCode, 0, "was let through");
    assert.match(said(result), reason);
  }

  before(async () => {
    project = await TestProject.create({
      program: "tests/provider/programs/shop.js",
      cloud: false,
      config: { "switchyard:systems": ["platform"] },
    });
    cluster = new KubernetesClient(accessByKubeconfig(project.kubernetes!.exports.KUBECONFIG));
  });
  after(async () => {
    await project?.remove();
  });

  it("the first update gives the live side its pods, and the idle one none although no replicas are declared", async () => {
    const result = await up();
    assert.equal(result.exitCode, 0, said(result));
    assert.equal(await until("blue's pods", async () => (await ready("blue")) === 2 && 2), 2);
    assert.equal(await replicas("green"), 0);
    const containers = listAt(
      await cluster.find(deployment("green")),
      "spec",
      "template",
      "spec",
      "containers",
    );
    assert.deepEqual(
      containers.map((container) => mapAt(container).name),
      ["web"],
    );
    assert.deepEqual(mapAt(await cluster.find(service), "spec").selector, { app: "web", deployment: "blue" });
  });

  it("nothing changes straight after it", async () => {
    await unchanged();
    await unchanged("--refresh");
  });

  it("a changed key of the live side is refused in preview, and the message names the idle side", async () => {
    await refused(
      { ...keys, blue: keyOf("9") },
      /blue is live .*shop:sides\.green: switchyard release prepare shop/s,
    );
  });

  it("the idle side changes, without a pod", async () => {
    const next = { ...keys, green: keyOf("3") };
    const result = await up(declared(next));
    assert.equal(result.exitCode, 0, said(result));
    assert.equal(await replicas("green"), 0);
    await up();
  });

  it("a shared edit reaches neither side", async () => {
    const before = await Promise.all(["blue", "green"].map((colour) => cluster.find(deployment(colour))));
    const result = await up(declared(keys, { SHOP_EDIT: "shared" }));
    assert.equal(result.exitCode, 0, said(result));
    assert.deepEqual(Object.keys(result.operations), ["same"]);
    const after = await Promise.all(["blue", "green"].map((colour) => cluster.find(deployment(colour))));
    for (const [index, object] of after.entries()) {
      assert.deepEqual(object!.spec, before[index]!.spec);
    }
  });

  it("nothing changes while the idle side is scaled up, in the middle of a ramp, after a switch, after a rollback", async () => {
    await scale("green", 2);
    await until("green's pods", async () => (await ready("green")) === 2);
    await unchanged("--refresh");
    const refs = [
      { group: "", kind: "Service", name: "web-blue", port: 80, weight: 90 },
      { group: "", kind: "Service", name: "web-green", port: 80, weight: 10 },
    ];
    await patch(route, { spec: { rules: [{ backendRefs: refs }] } });
    await unchanged("--refresh");
    await point("green");
    await unchanged();
    await unchanged("--refresh");
    await point("blue");
    await unchanged("--refresh");
  });

  it("in a ramp no side may change", async () => {
    await refused(
      { ...keys, green: keyOf("3") },
      /green is live in a ramp \(10 % of the traffic of HTTPRoute shop\/shop\)/,
      "SHOP_ROUTE_KEYS",
    );
  });

  it("no side changes that has pods and no traffic: what it is told would start there at once", async () => {
    await refused(
      { ...keys, green: keyOf("3") },
      /green has no traffic and still has pods \(2 of web-green, Service shop\/web\)/,
      "SHOP_SERVICE_KEYS",
    );
  });

  it("weights that do not add up are refused with both of them", async () => {
    const before = await cluster.find(route);
    const [rule] = listAt(before, "spec", "rules");
    const refs = listAt(rule, "backendRefs").map((ref) => ({ ...mapAt(ref), weight: 40 }));
    await patch(route, { spec: { rules: [{ backendRefs: refs }] } });
    const result = await run(["preview"]);
    assert.match(said(result), /weighs rule 0 blue 40 and green 40, together 80/);
    const whole = refs.map((ref, index) => ({ ...ref, weight: index === 0 ? 100 : 0 }));
    await patch(route, { spec: { rules: [{ backendRefs: whole }] } });
  });

  it("after a switch the side that is kept is protected until the release is finished", async () => {
    await patch(service, { metadata: { annotations: { "switchyard.dev/retained": "green@shop-7" } } });
    await refused(
      { ...keys, green: keyOf("3") },
      /green is kept for a rollback by release shop-7/,
      "SHOP_SERVICE_KEYS",
    );
    await patch(service, { metadata: { annotations: { "switchyard.dev/retained": null } } });
  });

  it("a release that holds the lease lets an unrelated update pass, and no change of sides", async () => {
    const folder = join(project.stateDir, "releases", "shop");
    mkdirSync(folder, { recursive: true });
    const lease = { release: "shop-8", holder: "ana@runner", expiresAt: "2030-01-01T00:00:00Z" };
    writeFileSync(join(folder, "lease.json"), JSON.stringify(lease));
    await refused({ ...keys, green: keyOf("3") }, /release shop-8, held by ana@runner/);
    const result = await up(declared(keys, { SHOP_EDIT: "unrelated" }));
    assert.equal(result.exitCode, 0, said(result));
    rmSync(folder, { recursive: true });
  });

  it("a Service that was lost is seen by refresh, and made again for the side that serves", async () => {
    await scale("blue", 0);
    await until("blue without pods", async () => (await ready("blue")) === 0);
    await cluster.delete(service);
    const result = await run(["up", "--yes", "--skip-preview", "--refresh"]);
    assert.equal(result.exitCode, 0, said(result));
    assert.deepEqual(mapAt(await cluster.find(service), "spec").selector, {
      app: "web",
      deployment: "green",
    });
  });

  it("a Service that names neither colour ends the preview with what may stand there", async () => {
    await patch(service, { spec: { selector: { deployment: "purple" } } });
    const result = await run(["preview"]);
    assert.notEqual(result.exitCode, 0);
    assert.match(
      said(result),
      /shop-service: Service shop\/web selects .*"purple".* which is neither colour/,
    );
    await point("green");
  });

  it("the state holds no credential of the cluster, and nothing of what is live", async () => {
    const { stdout } = await run(["stack", "export", "--stack", "dev"]);
    assert.doesNotMatch(stdout, /BEGIN (CERTIFICATE|.*PRIVATE KEY)|client-key|Bearer/);
    const { deployment: exported } = JSON.parse(stdout) as { deployment: Json };
    const tracks = listAt(exported, "resources")
      .map((resource) => mapAt(resource))
      .filter(({ type }) => type === "switchyard:index:Track");
    assert.equal(tracks.length, 2);
    for (const { inputs, outputs } of tracks) assert.deepEqual(outputs, inputs);
  });

  it("all of it is destroyed, also when something is gone already", async () => {
    await cluster.delete(route);
    const result = await run(["destroy", "--yes", "--skip-preview"]);
    assert.equal(result.exitCode, 0, said(result));
  });
});
