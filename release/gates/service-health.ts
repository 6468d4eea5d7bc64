import type { CheckGate } from "../../runbooks/entry-basics";
import { listAt, mapAt } from "../targets/json";
import { type Asking, answer, type CheckOf, looking, nothing } from "./asking";
import type { GateProvider } from "./gate-provider";

const apiVersion = "2022-10-01";

/**
 * Whether Azure reports an active incident of the services that the system needs, in the region that it is in (Resource
 * Health, events).
 */
export function serviceHealthProvider({ surroundings }: Asking): GateProvider<CheckGate> {
  return {
    look(gate, context) {
      const { services } = gate.check as CheckOf<"serviceHealth">;
      const { location } = context.facts;
      const where = location === undefined ? "" : ` in ${location}`;
      const question = `active service issues of ${services.join(", ")}${where}`;
      return looking(question, gate, context, async ({ signal }) => {
        const subscription = /^\/subscriptions\/[^/]+/i.exec(context.facts.resourceGroupId)?.[0];
        if (subscription === undefined)
          return nothing(question, "the stack's output release names no subscription; npx switchyard up");
        const path = `${subscription}/providers/Microsoft.ResourceHealth/events`;
        const events = await surroundings.arm(signal).collection(path, apiVersion);
        if (events === undefined)
          return nothing(
            question,
            "Azure knows no such subscription, or Microsoft.ResourceHealth is not registered",
          );
        const active: string[] = [];
        for (const event of events) {
          const { eventType, status, title } = mapAt(event, "properties");
          if (typeof eventType !== "string" || typeof status !== "string")
            return nothing(question, "Service Health gave an event without type or status");
          if (eventType !== "ServiceIssue" || status !== "Active") continue;
          const hit = listAt(event, "properties", "impact")
            .filter((one) => concerns(location, one))
            .map((one) => String(mapAt(one).impactedService));
          const ours = hit.filter((name) => services.some((service) => sameService(service, name)));
          if (ours.length > 0) active.push(`${String(title ?? event.name)} (${ours.join(", ")})`);
        }
        const seen = active.length === 0 ? `no active service issue${where}` : active.join("; ");
        return answer(question, active.length === 0, seen);
      });
    },
  };
}

/**
 * Without a region of its own, by either side, an incident is everywhere; so is one of a service that has none. An incident
 * that is active may be over in a region.
 */
function concerns(location: string | undefined, impact: unknown): boolean {
  const regions = listAt(impact, "impactedRegions").map((one) => mapAt(one));
  if (regions.length === 0) return true;
  return regions.some(({ impactedRegion, status }) => {
    const region = plainName(impactedRegion);
    const isHere = region === "" || region === "global" || region === plainName(location);
    return status !== "Resolved" && (location === undefined || isHere);
  });
}

/** `West US 2`, as people read it, is the location `westus2`. */
function plainName(region: unknown): string {
  return typeof region === "string" ? region.toLowerCase().replace(/[^a-z0-9]/g, "") : "";
}

/** Service Health says `App Service (Linux)` and `Azure Container Apps` where people say `App Service` and `Container Apps`. */
function sameService(wanted: string, named: string): boolean {
  const [a, b] = [wanted, named].map((name) => name.toLowerCase().replace(/^(azure|microsoft) /, "")) as [
    string,
    string,
  ];
  return b === a || b.startsWith(`${a} `) || b.startsWith(`${a}(`);
}
