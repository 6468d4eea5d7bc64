import assert from "node:assert/strict";
import { output } from "@pulumi/pulumi";
import { askedBy, missingFacts } from "../../runbooks/asked-facts";
import { contracts } from "../../runbooks/contracts";
import { environments } from "../../runbooks/model";
import { type HostFacts, outputName, type ReleaseFacts } from "../../runbooks/release-facts";
import type { Contract } from "../../runbooks/vocabulary";
import type { RenderedResource } from "./support/render";
import { textsInClear, unwrapped } from "./support/secrets";
import { renderedStack } from "./support/stack-rendering";
import { canary } from "./support/stack-settings";

// What the mocks compute in Azure's place is nobody's; that the addresses answer is shown by releases on dev.

/** Names that no entry uses and that are facts all the same, with the reason. */
const alsoThere: readonly string[] = [
  // Production alone asks them, and the same values are known in the other stacks.
  "kirana-inventory resources secureScore",
];

function urlsOf(hosts: readonly HostFacts[]): readonly string[] {
  return hosts.flatMap((host) => ("url" in host ? [host.url] : Object.values(host.bySide)));
}

for (const environment of environments) {
  describe(`release facts of ${environment}`, function () {
    // One rendering of all systems, for every file of tests/infra/ together.
    this.timeout(60_000);
    let resources: readonly RenderedResource[];
    let factsOf: (system: Contract["system"]) => ReleaseFacts;

    before(async () => {
      const rendered = await renderedStack(environment);
      resources = rendered.resources;
      const outputs = await resolved(rendered.outputs);
      factsOf = (system) => (outputs[outputName(system)] as { release: ReleaseFacts }).release;
    });

    for (const { system, entries } of contracts) {
      describe(system, () => {
        const here = askedBy(entries.filter(({ on }) => on.includes(environment)));
        const anywhere = askedBy(entries);

        for (const kind of ["hosts", "resources", "outputs", "stores"] as const) {
          it(`has every name of ${kind} that an entry of this stack uses, and none that no entry uses`, () => {
            const declared = Object.keys(factsOf(system)[kind]);
            assert.deepEqual([...here[kind]].filter((name) => !declared.includes(name)).sort(), []);
            const unused = declared.filter(
              (name) => !anywhere[kind].has(name) && !alsoThere.includes(`${system} ${kind} ${name}`),
            );
            assert.deepEqual(unused, []);
          });
        }

        it("misses nothing that a release would look for after an update, and says what is gone (TES-035)", () => {
          const own = entries.filter(({ on }) => on.includes(environment));
          const facts = factsOf(system);
          assert.deepEqual(missingFacts(own, facts), []);
          const [host] = [...here.hosts];
          if (host === undefined) return;
          const without = { ...facts, hosts: { ...facts.hosts, [host]: { url: "" } } };
          assert.deepEqual(missingFacts(own, without), [`hosts.${host}`]);
          assert.ok(
            missingFacts(own, { ...facts, tracks: [] }).some((name) => name.startsWith("tracks of ")),
          );
        });

        it("moves every component that an entry deploys with one track, in the order of deployment", () => {
          const tracked = factsOf(system).tracks.flatMap(({ components }) => components);
          assert.equal(new Set(tracked).size, tracked.length);
          assert.deepEqual([...here.components].sort(), [...tracked].sort());
          for (const entry of entries) {
            if (entry.word !== "step" || entry.does.action !== "deploy" || entry.does.to !== "idle") continue;
            const { components } = entry.does;
            assert.deepEqual(
              components,
              tracked.filter((component) => components.includes(component)),
              entry.name,
            );
          }
        });

        it("names the tracks of the stack with the targets that they guard", () => {
          const guarded = resources
            .filter(({ type }) => type === "switchyard:index:Track")
            .map(({ name, inputs }) => ({
              name,
              ...(unwrapped(inputs) as { system: string; target: unknown }),
            }))
            .filter((track) => track.system === system)
            .map(({ name, target }) => ({ name, target }));
          const told = factsOf(system).tracks.map(({ name, target }) => ({ name, target }));
          const byName = (left: { name: string }, right: { name: string }) =>
            left.name < right.name ? -1 : 1;
          assert.deepEqual([...told].sort(byName), guarded.sort(byName));
          assert.ok(told.length > 0);
        });

        it("has addresses without a path, and a place for every question", () => {
          const facts = factsOf(system);
          for (const url of urlsOf(Object.values(facts.hosts))) {
            assert.match(url, /^https:\/\/[a-z0-9.-]+$/, url);
          }
          assert.match(facts.location ?? "", /^[a-z]+[0-9]?$/);
          for (const id of [facts.resourceGroupId, facts.vault.id, ...Object.values(facts.resources)]) {
            assert.match(id, /^\/subscriptions\/[0-9a-f-]{36}\//);
          }
          const asks = (provider: string) =>
            JSON.stringify(entries.filter(({ on }) => on.includes(environment))).includes(
              `"provider":"${provider}"`,
            );
          if (asks("logs") || asks("logAnalytics")) assert.ok(facts.workspace?.customerId);
          if (asks("prometheus")) assert.equal(facts.prometheusUrl !== undefined, environment !== "dev");
          if (asks("dashboards")) assert.ok(facts.grafanaUrl);
          if (asks("pagerDuty")) assert.match(facts.pagerDuty?.serviceId ?? "", /^P[A-Z0-9]+$/);
          if (facts.cluster)
            assert.match(facts.registryId ?? "", /\/Microsoft\.ContainerRegistry\/registries\/[a-z0-9]+$/);
          if (asks("kubernetes")) assert.ok(facts.cluster?.namespace);
        });

        it("holds no secret", () => {
          const clear = textsInClear(factsOf(system)).filter(({ text }) => text.includes(canary));
          assert.deepEqual(clear, []);
        });
      });
    }
  });
}

/** Waits for what Azure would compute. */
function resolved(outputs: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    output(outputs).apply((known) => resolve(known as Record<string, unknown>));
  });
}
