import type { SlotsTarget } from "../../runbooks/target";
import { UserError } from "../user-error";
import { type Json, listAt, mapAt } from "./json";
import { describeTarget, productionSide } from "./sides";

/**
 * Traffic of a site with a slot: the ramp rules of the site's own configuration send a share to the slot, the rest stays.
 * A swap moves content, not traffic: production is live before and after it. Which package a side runs ARM does not say;
 * the release proves it by asking the side itself. So a slot has no release key, and nothing is marked as retained.
 *
 * @param configuration `config/web` of the site
 * @param slotHosts host names of the slot, as its own `hostNames`
 * @returns percent by side
 * @throws UserError for rules that send to somewhere else than the slot, or more than there is
 */
export function slotTraffic(
  target: SlotsTarget,
  configuration: Json,
  slotHosts: readonly string[],
): Record<string, number> {
  const rules = listAt(configuration, "properties", "experiments", "rampUpRules").map((rule) => mapAt(rule));
  let share = 0;
  for (const { actionHostName, name, reroutePercentage } of rules) {
    const percent = reroutePercentage ?? 0;
    if (typeof percent !== "number" || !(percent >= 0 && percent <= 100)) {
      throw strangeRules(
        target,
        `the rule ${JSON.stringify(name)} reroutes ${JSON.stringify(percent)} percent`,
      );
    }
    const host = String(actionHostName).toLowerCase();
    if (percent > 0 && !slotHosts.some((known) => known.toLowerCase() === host)) {
      throw strangeRules(
        target,
        `the rule ${JSON.stringify(name)} sends ${percent} % to ${JSON.stringify(actionHostName)}, which is not the slot (${slotHosts.join(", ")})`,
      );
    }
    share += percent;
  }
  if (share > 100) throw strangeRules(target, `the rules together reroute ${share} percent`);
  return { [productionSide]: 100 - share, [target.slot]: share };
}

function strangeRules(target: SlotsTarget, what: string): UserError {
  return new UserError(
    `${describeTarget(target)}: ${what}; allowed is one share from 0 to 100 for the slot`,
    {
      mend: `switchyard release status says what the share should be; to send everything to production: az webapp traffic-routing clear --ids ${target.siteId}`,
    },
  );
}
