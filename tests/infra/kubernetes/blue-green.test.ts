import assert from "node:assert/strict";
import { emulatedBackendAnnotation } from "../../../infra/kubernetes/emulated-backend";
import type { TrafficSwitch } from "../../../infra/kubernetes/observed-sides";
import { releaseKey, releaseKeyAnnotation, versionAnnotation } from "../../../runbooks/sides";
import type { Observation, SelectorTarget } from "../../../runbooks/target";
import type { RenderedResource } from "../support/render";
import { textsInClear } from "../support/secrets";
import { api, at, block, renderShop, shopSwitch, the } from "./support/shop";

// Under mocks: what an API server says to it, and what an update does, is shown by the engine tests.

const sides = { blue: block("1.0.0"), green: block("1.1.0") };
const kubernetes = (resources: readonly RenderedResource[]) =>
  resources.filter(({ type, parent }) => type.startsWith("kubernetes:") && parent !== "shop-space");

interface Container {
  name: string;
  image: string;
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  securityContext: Record<string, unknown>;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  volumeMounts: { name: string }[];
}

describe("a system with a blue and a green side", () => {
  let resources: readonly RenderedResource[];
  before(async () => {
    resources = await renderShop({ sides });
  });

  it("has each colour whole, and shared things once", () => {
    const kinds = kubernetes(resources)
      .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
      .sort();
    const perColour = (colour: string) => [
      `ConfigMap shop-shop-api-${colour}-config`,
      `CronJob shop-shop-migration-${colour}`,
      `Deployment shop-shop-api-${colour}`,
      `HTTPRoute shop-shop-api-${colour}-preview`,
      `HorizontalPodAutoscaler shop-shop-api-${colour}-autoscaler`,
      `PodDisruptionBudget shop-shop-api-${colour}-budget`,
      `SecretProviderClass shop-shop-api-${colour}-secrets`,
      `Service shop-shop-api-${colour}-service`,
    ];
    assert.deepEqual(
      kinds,
      [
        ...perColour("blue"),
        ...perColour("green"),
        "NetworkPolicy shop-shop-api-network",
        "ServiceAccount shop-shop-api-account",
      ].sort(),
    );
  });

  it("leaves a colour without a block out entirely", async () => {
    const one = await renderShop({ sides: { green: sides.green } });
    assert.ok(!one.some(({ name }) => name.includes("blue")));
    assert.equal(kubernetes(one).filter(({ name }) => name.includes("green")).length, 8);
    assert.deepEqual(at(the(one, "Track", "shop-api-track"), "sides"), { green: releaseKey(sides.green) });
  });

  it("never says how many replicas there are; the autoscaler's minimum does", () => {
    for (const colour of ["blue", "green"]) {
      assert.ok(
        !("replicas" in (the(resources, "Deployment", `shop-shop-api-${colour}`).inputs.spec as object)),
      );
      const scaler = the(resources, "HorizontalPodAutoscaler", `shop-shop-api-${colour}-autoscaler`);
      assert.equal(at(scaler, "spec.minReplicas"), 2);
      assert.equal(at(scaler, "spec.scaleTargetRef.name"), `shop-api-${colour}`);
    }
  });

  it("shrinks by a tenth in five minutes, so that what a release adds before a switch is there after it", () => {
    for (const colour of ["blue", "green"]) {
      const scaler = the(resources, "HorizontalPodAutoscaler", `shop-shop-api-${colour}-autoscaler`);
      assert.deepEqual(at(scaler, "spec.behavior.scaleDown.policies"), [
        { type: "Percent", value: 10, periodSeconds: 300 },
      ]);
    }
  });

  it("does not declare the active Service: its track makes it, and everything of a side comes after", () => {
    const services = resources.filter(({ type }) => type.endsWith(":Service"));
    assert.deepEqual(
      services.map((service) => at(service, "metadata.name")),
      ["shop-api-blue", "shop-api-green"],
    );
    for (const { name, dependsOn } of kubernetes(resources)) {
      if (!/blue|green/.test(name) || name.endsWith("autoscaler")) continue;
      assert.ok(dependsOn.includes("shop-api-track"), name);
    }
    const scaler = the(resources, "HorizontalPodAutoscaler", "shop-shop-api-blue-autoscaler");
    assert.deepEqual(scaler.dependsOn, ["shop-shop-api-blue"]);
  });

  it("marks Deployment and pods with the block's key and version", () => {
    const deployment = the(resources, "Deployment", "shop-shop-api-green");
    for (const path of ["metadata.annotations", "spec.template.metadata.annotations"]) {
      const annotations = at(deployment, path) as Record<string, string>;
      assert.equal(annotations[releaseKeyAnnotation], releaseKey(sides.green));
      assert.equal(annotations[versionAnnotation], "1.1.0");
    }
    const labels = at(deployment, "spec.template.metadata.labels") as Record<string, string>;
    assert.equal(labels.app, "shop-api");
    assert.equal(labels.deployment, "green");
    assert.equal(labels["app.kubernetes.io/version"], "1.1.0");
    assert.deepEqual(at(deployment, "spec.selector.matchLabels"), { app: "shop-api", deployment: "green" });
  });

  it("runs without privileges, by digest, with secrets from the vault alone", () => {
    const pod = at(the(resources, "Deployment", "shop-shop-api-blue"), "spec.template.spec") as {
      containers: Container[];
      volumes: { name: string }[];
      automountServiceAccountToken: boolean;
      securityContext: Record<string, unknown>;
    };
    const [container] = pod.containers;
    assert.equal(pod.automountServiceAccountToken, false);
    assert.equal(pod.securityContext.runAsNonRoot, true);
    assert.deepEqual(pod.securityContext.seccompProfile, { type: "RuntimeDefault" });
    assert.match(container!.image, /@sha256:[0-9a-f]{64}$/);
    assert.deepEqual(container!.env, [
      { name: "DB_URL", valueFrom: { secretKeyRef: { name: "shop-api-blue-secrets", key: "DB_URL" } } },
    ]);
    const { capabilities, ...flags } = container!.securityContext;
    assert.deepEqual(capabilities, { drop: ["ALL"] });
    assert.equal(flags.readOnlyRootFilesystem, true);
    assert.equal(flags.allowPrivilegeEscalation, false);
    assert.deepEqual(
      container!.volumeMounts.map(({ name }) => name),
      pod.volumes.map(({ name }) => name),
    );
    const secretClass = the(resources, "SecretProviderClass", "shop-shop-api-blue-secrets");
    assert.match(String(at(secretClass, "spec.parameters.objects")), /db-url/);
  });

  it("gives every object a time after which it is no longer waited for", () => {
    for (const { name, timeouts } of kubernetes(resources)) {
      for (const time of Object.values(timeouts)) assert.match(time, /^\d+m$/, name);
    }
  });

  it("suspends the migration and takes the side's image for it", () => {
    const job = the(resources, "CronJob", "shop-shop-migration-green");
    assert.equal(at(job, "spec.suspend"), true);
    const spec = at(job, "spec.jobTemplate.spec.template.spec") as { containers: Container[] };
    assert.equal(spec.containers[0]!.image, sides.green.images["shop-api"]);
    const labels = at(job, "spec.jobTemplate.spec.template.metadata.labels") as Record<string, string>;
    assert.ok(!("deployment" in labels), "a Service would take it for a pod of the side");
  });

  it("tells the emulated cluster what to answer, and no other", async () => {
    const annotation = (rendered: readonly RenderedResource[]) =>
      (
        at(the(rendered, "Deployment", "shop-shop-api-blue"), "spec.template.metadata.annotations") as Record<
          string,
          string
        >
      )[emulatedBackendAnnotation];
    assert.equal(annotation(resources), undefined);
    assert.deepEqual(JSON.parse(annotation(await renderShop({ sides, emulated: true }))!), {
      ports: [8080],
      version: "1.0.0",
      paths: { "/health": { body: { status: "UP" } } },
      versionPath: "/version",
    });
  });

  it("refuses secrets without an identity to read them with", async () => {
    const { identityClientId: _none, ...component } = api;
    await assert.rejects(renderShop({ sides, component }), /shop-api has secrets and no identity/);
  });

  it("holds no text that looks like a secret's value", () => {
    for (const { inputs, name } of kubernetes(resources)) {
      for (const { path, text } of textsInClear(inputs))
        assert.doesNotMatch(text, /CANARY/, `${name} ${path}`);
    }
  });
});

describe("a side that is deployed already", () => {
  const ignoring = async (deployed: Record<string, string>, known = true) => {
    const observations = {
      "shop-api-track": { exists: true, known, live: "blue", traffic: { blue: 100 }, sides: deployed },
    };
    const resources = await renderShop({ sides, observations });
    return Object.fromEntries(
      kubernetes(resources)
        .filter(({ ignoreChanges }) => ignoreChanges.length > 0)
        .map(({ name, ignoreChanges }) => [name, ignoreChanges.join()]),
    );
  };

  it("is not rendered anew when its key is what is deployed: the other one is", async () => {
    assert.deepEqual(await ignoring({ blue: releaseKey(sides.blue), green: "sha256:older" }), {
      "shop-shop-api-blue": "spec.template",
      "shop-shop-api-blue-config": "data",
      "shop-shop-api-blue-secrets": "spec",
      "shop-shop-migration-blue": "spec.jobTemplate",
    });
  });

  it("is rendered when nothing is deployed, and offline, where nobody knows", async () => {
    assert.deepEqual(await ignoring({}), {});
    assert.deepEqual(await ignoring({ blue: releaseKey(sides.blue) }, false), {});
  });
});

describe("a side that is deployed in part", () => {
  const { previewHosts: _none, ...web } = { ...api, name: "shop-web" };
  const withWeb = (of: ReturnType<typeof block>) => ({
    ...of,
    images: { ...of.images, "shop-web": "registry.test/shop-web@sha256:".padEnd(95, "a") },
  });
  const both = { blue: withWeb(sides.blue), green: withWeb(sides.green) };
  const [blue, green] = [releaseKey(both.blue), releaseKey(both.green)];
  const names = (component: string) => ({ blue: `${component}-blue`, green: `${component}-green` });
  const ofApi = { ...shopSwitch.target, components: { "shop-api": names("shop-api") } } as SelectorTarget;
  const ofWeb = { ...ofApi, service: "shop-web", components: { "shop-web": names("shop-web") } };
  const oneSwitch = [
    { ...shopSwitch, target: { ...ofApi, components: { ...ofApi.components, ...ofWeb.components } } },
  ];
  const twoSwitches = [
    { track: "shop-api-track", target: ofApi },
    { track: "shop-web-track", target: ofWeb },
  ];

  const kept = async (
    switches: readonly TrafficSwitch[],
    observations: Readonly<Record<string, Partial<Observation>>>,
  ) => {
    const seen = { exists: true, known: true, live: "blue", idle: "green", traffic: { blue: 100, green: 0 } };
    const resources = await renderShop({
      sides: both,
      others: [web],
      switches,
      observations: Object.fromEntries(
        Object.entries(observations).map(([track, own]) => [track, { ...seen, sides: {}, ...own }]),
      ),
    });
    return kubernetes(resources)
      .filter(({ ignoreChanges }) => ignoreChanges.length > 0)
      .map(({ name }) => name)
      .sort();
  };
  const objectsOf = (component: string, colour: string) =>
    ["", "-config", "-secrets"].map((suffix) => `shop-${component}-${colour}${suffix}`);
  const ofApiBlue = [...objectsOf("shop-api", "blue"), "shop-shop-migration-blue"].sort();

  it("and serves: what is there is not rendered anew, only the component that is lost", async () => {
    const parts = { blue: { "shop-api": blue } };
    assert.deepEqual(await kept(oneSwitch, { "shop-api-track": { parts } }), ofApiBlue);
    const lostWeb = { "shop-api-track": { sides: { blue } }, "shop-web-track": {} };
    assert.deepEqual(await kept(twoSwitches, lostWeb), ofApiBlue);
  });

  it("and is kept for a rollback, or has part of the traffic: the same", async () => {
    const parts = { green: { "shop-web": green } };
    const ofWebGreen = objectsOf("shop-web", "green").sort();
    const retained: Partial<Observation> = { sides: {}, parts, idle: undefined };
    assert.deepEqual(await kept(oneSwitch, { "shop-api-track": retained }), ofWebGreen);
    const ramp = { ...retained, traffic: { blue: 90, green: 10 } };
    assert.deepEqual(await kept(oneSwitch, { "shop-api-track": ramp }), ofWebGreen);
  });

  it("and is idle: it is rendered whole, as the update that changed it may have ended half-way", async () => {
    const parts = { green: { "shop-api": green } };
    assert.deepEqual(await kept(oneSwitch, { "shop-api-track": { parts } }), []);
    const half = { "shop-api-track": { sides: { green } }, "shop-web-track": { sides: {} } };
    assert.deepEqual(await kept(twoSwitches, half), []);
  });

  it("with another key than the declared one is never taken for unchanged, nor while nothing is known", async () => {
    const parts = { blue: { "shop-api": "sha256:older", "shop-web": blue } };
    const observed = { "shop-api-track": { parts } };
    assert.deepEqual(await kept(oneSwitch, observed), objectsOf("shop-web", "blue").sort());
    assert.deepEqual(await kept(oneSwitch, { "shop-api-track": { parts, known: false } }), []);
    assert.deepEqual(await kept(oneSwitch, { "shop-api-track": { parts, exists: false } }), []);
  });
});
