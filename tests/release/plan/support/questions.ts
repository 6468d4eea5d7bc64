import type { Manifest } from "../../../../release/plan/manifest";
import type { Observed, ObservedTrack } from "../../../../release/plan/observed";
import type { Plan } from "../../../../release/plan/plan";
import { type Planned, type PlanQuestion, planRelease } from "../../../../release/plan/planner";
import type { Refusal } from "../../../../release/plan/refusal";
import { releaseTypes } from "../../../../release/plan/selection";
import { sideBlockOf } from "../../../../release/plan/side-block";
import { contracts } from "../../../../runbooks/contracts";
import type { SystemName } from "../../../../runbooks/model";
import type { ReleaseFacts, TrackFacts } from "../../../../runbooks/release-facts";
import { releaseKey } from "../../../../runbooks/sides";
import type { SelectorTarget, Target } from "../../../../runbooks/target";
import type { Contract } from "../../../../runbooks/vocabulary";

/** Tracks of the five systems, as their stacks have them; hosts and stores are not the planner's. */

export const liveVersion = "1.0.0";
export const candidateVersion = "1.0.1";

/** A Tuesday at 10:00 in the windows' time zone, far from every freeze. */
export const tuesdayMorning = new Date("2026-10-13T17:00:00Z");

export const holidays = { "switchyard:holidays": ["2026-12-25"] };

export function contractOf(system: SystemName): Contract {
  return contracts.find((contract) => contract.system === system)!;
}

const site = (type: string, name: string) =>
  `/subscriptions/00000000-0000-4000-8000-0000000de000/resourceGroups/group/providers/Microsoft.Web/${type}/${name}`;

function selector(service: string, ...components: string[]): SelectorTarget {
  return {
    kind: "selector",
    namespace: "shop",
    service,
    ports: [{ name: "http", port: 80 }],
    selector: { app: service },
    components: coloured(components),
  };
}

function coloured(components: readonly string[]) {
  return Object.fromEntries(
    components.map((name) => [name, { blue: `${name}-blue`, green: `${name}-green` }]),
  );
}

function track(name: string, components: readonly string[], target: Target): TrackFacts {
  return { name, components, target };
}

const tracks: Readonly<Record<SystemName, readonly TrackFacts[]>> = {
  "kirana-inventory": [
    track("api", ["backend"], { kind: "slots", siteId: site("sites", "functions"), slot: "staging" }),
    track("web", ["frontend"], { kind: "staticSite", siteId: site("staticSites", "webapp") }),
  ],
  "tesoro-xp": [track("app", ["app"], { kind: "slots", siteId: site("sites", "app"), slot: "blue" })],
  "kirana-store": [
    track("store", ["kirana-store-backend", "kirana-store-frontend"], {
      kind: "gateway",
      namespace: "store",
      route: "store",
      hostnames: ["store.kirana.test"],
      gateway: { name: "gateway", namespace: "gateway" },
      services: { blue: "blue", green: "green", port: 80 },
      components: coloured(["kirana-store-backend", "kirana-store-frontend"]),
    }),
  ],
  "retail-agentic": ["retail-backend", "retail-consumer-web", "retail-admin-web"].map((name) =>
    track(name, [name], selector(name, name)),
  ),
  "case-management": ["case-management-backend", "case-management-frontend"].map((name) =>
    track(name, [name], selector(name, name)),
  ),
};

export function factsOf(system: SystemName): ReleaseFacts {
  return {
    system,
    resourceGroupId: "/subscriptions/none/resourceGroups/group",
    tracks: tracks[system],
    hosts: {},
    resources: {},
    outputs: {},
    vault: { name: "vault", uri: "https://vault.vault.azure.net/", id: "/vault" },
    stores: stores[system] ?? {},
  };
}

/** Whose contract says in which account a backup is recorded. */
const stores: Readonly<Partial<Record<SystemName, ReleaseFacts["stores"]>>> = {
  "tesoro-xp": {
    sql: { backups: { accountName: "backups", accountId: "/accounts/backups", container: "backups" } },
  },
};

/** A manifest that the system's contract takes: images on the cluster, packages on sites. */
export function manifestOf(system: SystemName, change: Partial<Manifest> = {}): Manifest {
  const components = tracks[system].flatMap(({ components: names, target }) =>
    names.map((name) => [
      name,
      "components" in target
        ? { image: `registry.invalid/${name}@sha256:${"a".repeat(64)}` }
        : { package: `${name}.zip`, digest: `sha256:${"b".repeat(64)}` },
    ]),
  );
  return { system, version: candidateVersion, components: Object.fromEntries(components), ...change };
}

/** Every track with its first side live, and the candidate declared on the other one. */
export function observedOf(system: SystemName, manifest: Manifest): Observed {
  return Object.fromEntries(
    tracks[system].map(({ name, target }) => [name, observedTrack(target, manifest)] as const),
  );
}

function observedTrack(target: Target, manifest: Manifest): ObservedTrack {
  if (target.kind === "staticSite") {
    return {
      exists: true,
      live: "production",
      traffic: { production: 100 },
      keys: {},
      versions: { production: liveVersion },
    };
  }
  if (target.kind === "slots") {
    return {
      exists: true,
      live: "production",
      idle: target.slot,
      traffic: { production: 100, [target.slot]: 0 },
      keys: {},
      versions: { production: liveVersion },
    };
  }
  return {
    exists: true,
    live: "blue",
    idle: "green",
    traffic: { blue: 100, green: 0 },
    keys: { blue: `sha256:${"0".repeat(64)}`, green: releaseKey(sideBlockOf(manifest)) },
    versions: { blue: liveVersion, green: manifest.version },
  };
}

/** A question that is answered with a plan; what a test is about is changed. */
export function questionOf(system: SystemName, change: Partial<PlanQuestion> = {}): PlanQuestion {
  const manifest = change.manifest ?? manifestOf(system);
  return {
    contract: contractOf(system),
    environment: "production",
    facts: factsOf(system),
    observed: observedOf(system, manifest),
    manifest,
    types: releaseTypes(manifest),
    days: holidays,
    now: tuesdayMorning,
    ...change,
  };
}

export function planOf(question: PlanQuestion): Plan {
  const planned = planRelease(question);
  if ("plan" in planned) return planned.plan;
  throw new Error(`refused: ${planned.refusals.map(({ message }) => message).join("; ")}`);
}

export function refusalsOf(planned: Planned): readonly Refusal[] {
  return "refusals" in planned ? planned.refusals : [];
}
