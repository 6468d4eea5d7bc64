import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { Surroundings } from "../clients/surroundings";
import { withinTime } from "../clients/within-time";
import { armWork } from "../data/arm-work";
import type { Clock } from "../engine/clock";
import { mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { OtherActions } from "./other-actions";

const apiVersion = "2025-06-01";

export interface PurgingArgs {
  readonly surroundings: Surroundings;
  readonly facts: ReleaseFacts;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Purges every Front Door endpoint of the system's resource group and waits until Azure says that it is done. Purged
 * twice, it is purged: nothing is remembered.
 */
export function purger({ surroundings, facts, clock, signal }: PurgingArgs): OtherActions["purge"] {
  return async ({ cache, paths }, { timeoutSeconds }) => {
    if (cache === "redis")
      throw new UserError("a release purges Front Door only, and no Redis", {
        mend: "restart what reads it, or let its entries run out",
      });
    return withinTime(timeoutSeconds * 1000, signal, async (within) => {
      const endpoints = await endpointsOf(facts, surroundings, within);
      if (endpoints.length === 0) return `nothing caches ${facts.system}: no Front Door endpoint is declared`;
      const { login, stateDir } = surroundings.outside;
      const arm = armWork({ login, stateDir, clock, signal: within });
      try {
        for (const { id } of endpoints) await arm.post(`${id}/purge`, { contentPaths: paths }, apiVersion);
      } catch (error) {
        if (signal.aborted || !within.aborted) throw error;
        throw new UserError(`the purge has not ended within ${timeoutSeconds} s`, { retriable: true });
      }
      return `${endpoints.map(({ host }) => host).join(", ")}: ${paths.join(", ")} purged, as Azure's operation says`;
    });
  };
}

interface Endpoint {
  readonly id: string;
  readonly host: string;
}

async function endpointsOf(
  { resourceGroupId }: ReleaseFacts,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<readonly Endpoint[]> {
  const arm = surroundings.arm(signal);
  const profiles =
    (await arm.collection(`${resourceGroupId}/providers/Microsoft.Cdn/profiles`, apiVersion)) ?? [];
  const found: Endpoint[] = [];
  for (const profile of profiles) {
    const endpoints = (await arm.collection(`${String(profile.id)}/afdEndpoints`, apiVersion)) ?? [];
    for (const endpoint of endpoints) {
      const { hostName } = mapAt(endpoint, "properties");
      found.push({ id: String(endpoint.id), host: String(hostName ?? endpoint.name) });
    }
  }
  return found;
}
