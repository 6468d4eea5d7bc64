import assert from "node:assert/strict";
import { secret, UNKNOWN } from "../../plugin-server/values/property";
import { StackGuard } from "../../provider/guard";
import { switchyardProvider } from "../../provider/provider";
import { mapAt } from "../../release/targets/json";
import type { Target } from "../../runbooks/target";
import { gatewayTarget, keyOf, selectorTarget } from "../release/support/targets";
import { PluginDriver } from "../support/plugin-driver";
import { FakeApiServer } from "./support/fake-api-server";

const type = "switchyard:index:Track";
const observeToken = "switchyard:index:observe";
const service = "/api/v1/namespaces/shop/services/web";
const route = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/shop";
const deployment = (name: string) => `/apis/apps/v1/namespaces/shop/deployments/${name}`;
const keys = { blue: keyOf("1"), green: keyOf("2") };

const inputsOf = (changes: Record<string, unknown> = {}, target: Target = selectorTarget) => ({
  system: "shop",
  target: { ...target },
  initial: "blue",
  sides: keys,
  ...changes,
});

/** Shows protocol and rules; the engine around it and a real API server: track.slow.test.ts. */
describe("Track on a cluster", () => {
  let api: FakeApiServer;
  const drivers: PluginDriver[] = [];

  async function drive(stack = "dev", env: Record<string, string> = {}): Promise<PluginDriver> {
    const environment = { KUBECONFIG: api.kubeconfig, SWITCHYARD_STATE_DIR: api.folder, ...env };
    const guard = new StackGuard(environment);
    const driver = await PluginDriver.inProcess(switchyardProvider(environment, guard), guard, { stack });
    drivers.push(driver);
    await driver.configure("switchyard");
    return driver;
  }

  /** As after a first `up`: blue is live with two ready pods, green is declared and has none. */
  async function deployed(driver: PluginDriver): Promise<string> {
    const { id } = await driver.create(type, "shop-track", inputsOf());
    api.deploy("web-blue", keys.blue, 2);
    api.deploy("web-green", keys.green, 0);
    return id;
  }

  beforeEach(async () => {
    api = await FakeApiServer.start();
    api.namespace("shop", { "app.kubernetes.io/part-of": "shop" });
  });
  afterEach(async () => {
    for (const driver of drivers.splice(0)) await driver.stop();
    await api.stop();
  });

  it("makes the Service once, with the initial selector, and a stub without pods for the idle side alone", async () => {
    const driver = await drive();
    const { id, outputs } = await driver.create(type, "shop-track", inputsOf());
    assert.equal(id, "selector/shop/web");
    assert.deepEqual(outputs, inputsOf());
    assert.deepEqual(mapAt(api.objects.get(service), "spec").selector, { app: "web", deployment: "blue" });
    assert.equal(mapAt(api.objects.get(deployment("web-green")), "spec").replicas, 0);
    assert.equal(api.objects.has(deployment("web-blue")), false);
  });

  it("makes nothing in preview", async () => {
    const driver = await drive();
    await driver.create(type, "shop-track", inputsOf(), { preview: true });
    assert.deepEqual(api.writes, []);
  });

  it("takes over what is there, after a create that was cut off or when the state was lost, without moving traffic", async () => {
    const driver = await drive();
    await deployed(driver);
    api.change(service, { spec: { selector: { deployment: "green" } } });
    const before = api.writes.length;
    await driver.create(type, "shop-track", inputsOf());
    assert.deepEqual(api.writes.slice(before), []);
  });

  it("finishes a stub that was left half made", async () => {
    const driver = await drive();
    await driver.create(type, "shop-track", inputsOf());
    api.change(deployment("web-green"), { metadata: { managedFields: null } });
    await driver.create(type, "shop-track", inputsOf());
    assert.ok(Array.isArray(mapAt(api.objects.get(deployment("web-green")), "metadata").managedFields));
  });

  it("has no change after a switch, in a ramp, or when its lease and keys are as they were", async () => {
    const driver = await drive();
    const id = await deployed(driver);
    api.change(service, {
      spec: { selector: { deployment: "green" } },
      metadata: { annotations: { x: "y" } },
    });
    const inputs = inputsOf();
    assert.deepEqual((await driver.check(type, "shop-track", inputs, { olds: inputs })).failures, []);
    assert.equal((await driver.diff(type, "shop-track", id, inputs, inputs)).changes, "none");
    const read = await driver.read(type, "shop-track", id, { inputs, outputs: inputs });
    assert.deepEqual(read, { id, inputs, outputs: inputs });
  });

  it("refuses a changed key of the live side in Check, so in preview, and without the value of any property", async () => {
    const driver = await drive();
    await deployed(driver);
    const news = inputsOf({ sides: { ...keys, blue: keyOf("9") } });
    const { failures } = await driver.check(type, "shop-track", news, { olds: inputsOf() });
    assert.equal(failures.length, 1);
    assert.equal(failures[0]!.property, "");
    assert.match(failures[0]!.reason, /blue is live .* shop:sides.green: switchyard release prepare shop/);
  });

  it("refuses a change of the idle side while a release holds the lease, and lets an unrelated update pass", async () => {
    const driver = await drive();
    const id = await deployed(driver);
    api.lease("shop", { release: "shop-8", holder: "ana@runner", expiresAt: "2030-01-01T00:00:00Z" });
    const news = inputsOf({ sides: { ...keys, green: keyOf("3") } });
    const { failures } = await driver.check(type, "shop-track", news, { olds: inputsOf() });
    assert.match(failures[0]!.reason, /release shop-8, held by ana@runner/);
    const ports = [{ name: "http", port: 81, targetPort: "http" }];
    const unrelated = inputsOf({ target: { ...selectorTarget, ports } });
    assert.deepEqual((await driver.check(type, "shop-track", unrelated, { olds: inputsOf() })).failures, []);
    assert.deepEqual((await driver.diff(type, "shop-track", id, inputsOf(), unrelated)).replaces, []);
  });

  it("writes ports and hosts after the creation, never selector or weights", async () => {
    const driver = await drive();
    const id = await deployed(driver);
    api.change(service, { spec: { selector: { deployment: "green" } } });
    const ports = [{ name: "http", port: 81, targetPort: "http" }];
    const news = inputsOf({ target: { ...selectorTarget, ports } });
    await driver.update(type, "shop-track", id, { inputs: inputsOf(), outputs: inputsOf() }, news);
    const { spec } = api.objects.get(service)!;
    assert.deepEqual(spec, {
      type: "ClusterIP",
      selector: { app: "web", deployment: "green" },
      ports: [{ name: "http", port: 81, targetPort: "http", protocol: "TCP" }],
    });
  });

  it("makes a stub for a side that is declared later, and takes away one that nobody declares any more", async () => {
    const driver = await drive();
    const onlyBlue = inputsOf({ sides: { blue: keys.blue } });
    const { id } = await driver.create(type, "shop-track", onlyBlue);
    assert.equal(api.objects.has(deployment("web-green")), false);
    await driver.update(type, "shop-track", id, { inputs: onlyBlue, outputs: onlyBlue }, inputsOf());
    assert.equal(api.objects.has(deployment("web-green")), true);
    await driver.update(type, "shop-track", id, { inputs: inputsOf(), outputs: inputsOf() }, onlyBlue);
    assert.equal(api.objects.has(deployment("web-green")), false);
  });

  it("is another track for another Service, namespace or cluster, the old one deleted first", async () => {
    const driver = await drive();
    const diff = (changes: object) =>
      driver.diff(
        type,
        "shop-track",
        "id",
        inputsOf(),
        inputsOf({ target: { ...selectorTarget, ...changes } }),
      );
    for (const change of [
      { service: "www" },
      { namespace: "other" },
      { clusterId: "/subscriptions/x" },
      { selector: { app: "www" } },
    ]) {
      const { replaces, deleteBeforeReplace } = await diff(change);
      assert.deepEqual([replaces, deleteBeforeReplace], [["target"], true], JSON.stringify(change));
    }
    const initial = await driver.diff(type, "shop-track", "id", inputsOf(), inputsOf({ initial: "green" }));
    assert.equal(initial.changes, "none");
    const sides = await driver.diff(
      type,
      "shop-track",
      "id",
      inputsOf(),
      inputsOf({ sides: { blue: keys.blue } }),
    );
    assert.deepEqual([sides.detailed, sides.replaces], [{ "sides.green": "DELETE" }, []]);
  });

  it("that is gone is reported as gone by refresh", async () => {
    const driver = await drive();
    const id = await deployed(driver);
    api.objects.delete(service);
    const state = { inputs: inputsOf(), outputs: inputsOf() };
    assert.equal((await driver.read(type, "shop-track", id, state)).id, "");
  });

  it("is not imported, and says what to do instead", async () => {
    const driver = await drive();
    await assert.rejects(
      driver.read(type, "shop-track", "selector/shop/web"),
      /cannot be imported[\s\S]*declare it/,
    );
  });

  it("deleted in dev takes away what it made and accepts what is gone", async () => {
    const driver = await drive();
    const { id } = await driver.create(type, "shop-track", inputsOf());
    const state = { inputs: inputsOf(), outputs: inputsOf() };
    await driver.delete(type, "shop-track", id, state);
    assert.deepEqual([...api.objects.keys()], ["/api/v1/namespaces/shop"]);
    await driver.delete(type, "shop-track", id, state);
  });

  it("deleted in dev takes away its object whatever its traffic says", async () => {
    const odd = { backendRefs: [{ name: "shop-frontend-blue", weight: 70 }] };
    for (const [target, object, spec] of [
      [selectorTarget, service, { selector: { deployment: "purple" } }],
      [gatewayTarget, route, { rules: [odd] }],
    ] as const) {
      const driver = await drive();
      const inputs = inputsOf({}, target);
      const { id } = await driver.create(type, "shop-track", inputs);
      api.change(object, { spec });
      const look = driver.invoke(observeToken, { system: "shop", track: "t", target: { ...target } });
      await assert.rejects(look, "what is there makes no sense");
      await driver.delete(type, "shop-track", id, { inputs, outputs: inputs });
      assert.deepEqual([...api.objects.keys()], ["/api/v1/namespaces/shop"]);
    }
  });

  it("deleted leaves alone what somebody else put in its place", async () => {
    const driver = await drive();
    const id = await deployed(driver);
    api.change(service, { metadata: { annotations: { "switchyard.dev/track": "bank" } } });
    await driver.delete(type, "shop-track", id, { inputs: inputsOf(), outputs: inputsOf() });
    assert.ok(api.objects.has(service));
  });

  it("outside dev is not deleted while it carries traffic, and is once no pod serves", async () => {
    for (const stack of ["production", "staging-eu", "devious", "dev-mine"]) {
      const driver = await drive(stack);
      const id = await deployed(driver);
      const state = { inputs: inputsOf(), outputs: inputsOf() };
      await assert.rejects(
        driver.delete(type, "shop-track", id, state),
        /Service shop\/web carries shop's traffic \(blue 100 %, green 0 %\)[\s\S]*pulumi state delete 'urn:.*' --stack /,
      );
      api.deploy("web-blue", keys.blue, 0);
      await driver.delete(type, "shop-track", id, state);
      assert.equal(api.objects.has(service), false);
    }
  });

  it("refuses in Check, so in preview, a namespace that is not the system's; one that is missing is the program's to make", async () => {
    const driver = await drive();
    const failures = async (olds = {}) => {
      const answer = await driver.check(type, "shop-track", inputsOf(), { olds });
      return answer.failures.map(({ reason }) => reason).join();
    };
    assert.equal(await failures(), "");
    api.objects.delete("/api/v1/namespaces/shop");
    assert.equal(await failures(), "");
    api.namespace("shop", { "app.kubernetes.io/part-of": "bank" });
    await assert.rejects(failures(), /namespace shop belongs to bank/);
    await assert.rejects(failures(inputsOf()), /namespace shop belongs to bank/);
    api.namespace("shop");
    await assert.rejects(
      failures(),
      /namespace shop exists, and nothing says that it is shop's[\s\S]*kubectl label namespace/,
    );
    assert.equal(await failures(inputsOf()), "", "a track that is there is not held to a label");
    assert.deepEqual(api.writes, []);
  });

  it("refuses a namespace that is missing or another system's, and an object that somebody else made", async () => {
    const driver = await drive();
    const create = () => driver.create(type, "shop-track", inputsOf());
    api.objects.delete("/api/v1/namespaces/shop");
    await assert.rejects(create(), /there is no namespace shop[\s\S]*let the track depend on it/);
    api.namespace("shop", { "app.kubernetes.io/part-of": "bank" });
    await assert.rejects(create(), /namespace shop belongs to bank/);
    api.namespace("shop");
    const selector = { app: "web", deployment: "blue" };
    api.objects.set(service, { metadata: { name: "web" }, spec: { selector } });
    await assert.rejects(create(), /Service shop\/web exists and is not shop's/);
    assert.deepEqual(api.writes, []);
  });

  it("of a route makes the weights 100 and 0, and says which CRD is missing", async () => {
    const driver = await drive();
    const inputs = inputsOf({}, gatewayTarget);
    api.hasGatewayKinds = false;
    const observed = await driver.invoke(observeToken, {
      system: "shop",
      track: "t",
      target: { ...gatewayTarget },
    });
    assert.deepEqual(
      [observed.exists, observed.reason],
      [false, "the cluster has no gateway.networking.k8s.io/v1: a CRD is missing"],
    );
    await assert.rejects(
      driver.create(type, "shop-track", inputs),
      /a CRD is missing[\s\S]*CRDs of the Gateway API/,
    );
    api.hasGatewayKinds = true;
    await driver.create(type, "shop-track", inputs);
    const { traffic } = await driver.invoke(observeToken, {
      system: "shop",
      track: "t",
      target: { ...gatewayTarget },
    });
    assert.deepEqual(traffic, { blue: 100, green: 0 });
    assert.ok(api.objects.has(route));
  });

  it("takes no secret, nothing unknown, no colour that is neither", async () => {
    const driver = await drive();
    const reason = async (changes: Record<string, unknown>) =>
      (await driver.check(type, "shop-track", inputsOf(changes))).failures
        .map((failure) => failure.reason)
        .join();
    assert.match(await reason({ system: secret("canary") }), /^a track takes no secrets/);
    assert.match(await reason({ sides: { blue: UNKNOWN } }), /^sides must be known in preview/);
    assert.match(await reason({ initial: "purple" }), /"purple" is not a side; allowed: blue, green/);
    assert.match(await reason({ colour: "blue" }), /colour/);
  });

  it("fails closed when the cluster does not answer", async () => {
    const driver = await drive("dev", { KUBECONFIG: "/nowhere/kubeconfig" });
    await assert.rejects(
      driver.check(type, "shop-track", inputsOf()),
      /kubeconfig cannot be read[\s\S]*cloud start/,
    );
    await assert.rejects(
      driver.invoke(observeToken, { system: "shop", track: "t", target: { ...selectorTarget } }),
      /kubeconfig cannot be read/,
    );
  });

  it("outside dev refuses to go without the journals: this machine's folder knows of no runner's release", async () => {
    const driver = await drive("production");
    api.lease("shop", { release: "shop-8", holder: "ana@runner", expiresAt: "2030-01-01T00:00:00Z" });
    await assert.rejects(
      driver.check(type, "shop-track", inputsOf(), { olds: inputsOf() }),
      /whether a release of shop is running cannot be told: stack production does not say where its journals are/,
    );
  });

  describe("in an offline preview", () => {
    it("asks nobody: observe knows nothing, Check lets through, Diff and preview answer", async () => {
      const env = { SWITCHYARD_OFFLINE_STACK: "production", KUBECONFIG: "/nowhere" };
      const driver = await drive("production", env);
      const observed = await driver.invoke(observeToken, {
        system: "shop",
        track: "t",
        target: { ...selectorTarget },
      });
      assert.deepEqual([observed.known, observed.exists], [false, false]);
      assert.deepEqual((await driver.check(type, "shop-track", inputsOf())).failures, []);
      assert.deepEqual((await driver.create(type, "shop-track", inputsOf(), { preview: true })).id, "");
      await assert.rejects(driver.create(type, "shop-track", inputsOf()), /refused: Create .* needs a cloud/);
    });

    it("serves that stack alone", async () => {
      const driver = await drive("staging", { SWITCHYARD_OFFLINE_STACK: "production" }).catch(
        (error: Error) => error,
      );
      assert.match(
        String(driver),
        /stack "production" is previewed offline, and Configure was asked for stack "staging"/,
      );
    });
  });
});
