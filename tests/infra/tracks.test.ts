import assert from "node:assert/strict";
import { localSubscriptionId as ofSettings } from "../../infra/config/local-cloud";
import { colourLabel as ofLabels } from "../../infra/kubernetes/labels";
import { LOCAL_SUBSCRIPTION_ID } from "../../local/cloud/identity";
import { localSubscriptionId } from "../../release/clients/local-cloud";
import { idleStub } from "../../release/targets/idle-stub";
import { listAt, mapAt } from "../../release/targets/json";
import { colourLabel } from "../../release/targets/marks";
import { parseTrack, type TrackInputs } from "../../release/targets/target-input";
import { environments } from "../../runbooks/model";
import { releaseKeyAnnotation } from "../../runbooks/sides";
import type { Colour } from "../../runbooks/target";
import type { RenderedResource } from "./support/render";
import { unwrapped } from "./support/secrets";
import { renderedStack } from "./support/stack-rendering";

/** What the program, the track and the release must agree on without importing each other. */
describe("marks that several folders write down", () => {
  it("are the same everywhere", () => {
    assert.equal(ofLabels, colourLabel);
    assert.deepEqual([ofSettings, LOCAL_SUBSCRIPTION_ID], [localSubscriptionId, localSubscriptionId]);
  });
});

for (const environment of environments) {
  describe(`tracks of ${environment}`, function () {
    // One rendering of all systems, for every file of tests/infra/ together.
    this.timeout(60_000);
    let resources: readonly RenderedResource[];
    let tracks: readonly { readonly resource: RenderedResource; readonly inputs: TrackInputs }[];

    before(async () => {
      ({ resources } = await renderedStack(environment));
      tracks = resources
        .filter(({ type }) => type === "switchyard:index:Track")
        .map((resource) => ({ resource, inputs: unwrapped(resource.inputs) as unknown as TrackInputs }));
      assert.ok(tracks.length > 1);
    });

    it("are given what the plugin takes", () => {
      for (const { resource } of tracks) {
        const parsed = parseTrack(unwrapped(resource.inputs));
        assert.ok("value" in parsed, `${resource.name}: ${JSON.stringify(parsed)}`);
      }
    });

    it("are protected outside dev", () => {
      for (const { resource } of tracks) assert.equal(resource.protect, environment !== "dev", resource.name);
    });

    it("name Deployments that take over the track's stubs: same selector, same container, no replicas, after the track", () => {
      const deployments = new Map(
        resources
          .filter(({ type }) => type === "kubernetes:apps/v1:Deployment")
          .map((resource) => {
            const { name, namespace } = mapAt(unwrapped(resource.inputs), "metadata");
            return [`${namespace}/${name}`, resource];
          }),
      );
      for (const { resource, inputs } of tracks) {
        const { target, system, sides } = inputs;
        if (!("components" in target)) continue;
        for (const component of Object.keys(target.components)) {
          for (const colour of Object.keys(sides) as Colour[]) {
            const name: string = target.components[component]![colour];
            const declared = deployments.get(`${target.namespace}/${name}`);
            assert.ok(declared, `${resource.name} names ${target.namespace}/${name}, which nobody declares`);
            const spec = mapAt(unwrapped(declared.inputs), "spec");
            const stub = mapAt(idleStub(target, system, component, colour), "spec");
            assert.deepEqual(spec.selector, stub.selector, name);
            const names = (of: unknown) =>
              listAt(of, "template", "spec", "containers").map((container) => mapAt(container).name);
            assert.ok(
              names(spec).includes(names(stub)[0]),
              `${name} has the containers ${names(spec).join()}`,
            );
            assert.equal("replicas" in spec, false, name);
            assert.ok(
              declared.dependsOn.includes(resource.name),
              `${name} does not come after ${resource.name}`,
            );
            const { annotations } = mapAt(unwrapped(declared.inputs), "metadata");
            assert.equal(mapAt(annotations)[releaseKeyAnnotation], sides[colour], name);
          }
        }
      }
    });
  });
}
