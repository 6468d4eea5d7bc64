import type { Surroundings } from "../../../release/clients/surroundings";
import { systemClock } from "../../../release/engine/system-clock";
import type { GateContext } from "../../../release/gates/gate-provider";
import type { CheckGate, MetricGate } from "../../../runbooks/entry-basics";
import type { ReleaseFacts } from "../../../runbooks/release-facts";

/** A system with one track with colours, whose host is wherever the test's server is. */
export function factsAt(url: string): ReleaseFacts {
  return {
    system: "kirana-store",
    resourceGroupId: "/subscriptions/s/resourceGroups/shop",
    tracks: [
      {
        name: "shop",
        components: ["backend"],
        target: {
          kind: "selector",
          namespace: "shop",
          service: "web",
          ports: [],
          selector: {},
          components: { backend: { blue: "backend-blue", green: "backend-green" } },
        },
      },
    ],
    hosts: { api: { url }, preview: { bySide: { blue: `${url}/blue`, green: url } } },
    resources: {
      sqlDatabase: "/subscriptions/s/resourceGroups/shop/providers/Microsoft.Sql/servers/a/databases/b",
    },
    outputs: {},
    vault: { name: "kv", uri: "https://kv.vault.azure.net/", id: "/subscriptions/s/vaults/kv" },
    workspace: { id: "/w", customerId: "w-1" },
    prometheusUrl: url,
    cluster: { namespace: "shop" },
    stores: {},
  };
}

export const candidateDigest = `sha256:${"c".repeat(64)}`;

export function contextAt(url: string, changes: Partial<GateContext> = {}): GateContext {
  return {
    environment: "staging",
    facts: factsAt(url),
    manifest: {
      system: "kirana-store",
      version: "1.5.0",
      components: { backend: { image: `registry.example/backend@${candidateDigest}` } },
    },
    candidate: { shop: "green" },
    live: { shop: "blue" },
    liveVersion: "1.4.2",
    clock: systemClock(),
    phaseBegan: new Date(Date.now() - 60_000),
    releaseBegan: new Date(Date.now() - 600_000),
    baselines: {},
    remembered: new Map(),
    signal: new AbortController().signal,
    ...changes,
  };
}

/** Staging, whose login gives a token that must not be seen anywhere. */
export function surroundingsWith(parts: Partial<Surroundings>): Surroundings {
  return {
    environment: "staging",
    env: {},
    outside: { login: { token: async () => canary } },
    ...parts,
  } as unknown as Surroundings;
}

/** Stands for every secret. */
export const canary = "canary-of-a-secret";

export function metricGate<Measurement extends MetricGate["measurement"]>(
  measurement: Measurement,
  changes: Partial<MetricGate> = {},
): MetricGate & { readonly measurement: Measurement } {
  return {
    word: "metricGate",
    name: "error-ratio",
    title: "Few requests fail",
    ids: [],
    on: ["staging"],
    during: ["watch"],
    unit: "ratio",
    windowSeconds: 300,
    intervalSeconds: 30,
    telemetryDelaySeconds: 60,
    minimumSample: { of: "dataPoints", atLeast: 1 },
    zones: {
      pass: { operator: "<", limit: 0.01 },
      rollback: [{ operator: ">", limit: 0.05, sustainedSeconds: 300 }],
    },
    ...changes,
    measurement,
  };
}

export function checkGate<Check extends CheckGate["check"]>(
  check: Check,
  changes: Partial<CheckGate> = {},
): CheckGate & { readonly check: Check } {
  return {
    word: "checkGate",
    name: "health",
    title: "It is well",
    ids: [],
    on: ["staging"],
    during: ["watch"],
    expectation: "it is well",
    timeoutSeconds: 2,
    attempts: 3,
    everySeconds: 30,
    onBreach: "rollback",
    ...changes,
    check,
  };
}
