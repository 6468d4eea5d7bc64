import { systemClock } from "../../release/engine/system-clock";
import { exampleApp } from "../../release/plan/examples/example-app";
import { oneDeploy } from "../../release/strategies/slots/one-deploy";
import { SlotSite } from "../../release/strategies/slots/site";
import { uploadTo } from "../../release/strategies/static-site/upload";
import type { CommandContext } from "../context";
import type { LoadedRelease } from "./load-release";
import { staticSiteHost } from "./observe-tracks";

/** The version that runs on dev before its first release, so that this one has something to go back to. */
const firstVersion = "0.9.0";
const deployWaiting = { seconds: 60, lookMilliseconds: 200 } as const;

/**
 * Puts a first version on sites of dev that never had one: a runbook's release replaces a version, and goes back to it.
 * Colours of a cluster have theirs from the stack.
 *
 * @returns whether something was deployed
 */
export async function deployFirstVersion(
  { progress, signal }: Pick<CommandContext, "progress" | "signal">,
  { contract, facts, observed, surroundings }: LoadedRelease,
): Promise<boolean> {
  const empty = facts.tracks.filter(({ name, target }) => {
    const { live, versions, exists } = observed[name] ?? { exists: false, versions: {} };
    return exists && !("components" in target) && versions[live ?? ""] === undefined;
  });
  if (empty.length === 0) return false;
  await progress.step(`putting ${firstVersion} on ${contract.system}, which has no version yet`, async () => {
    for (const { target, components } of empty) {
      const bytes = Buffer.from(JSON.stringify(exampleApp(contract, components[0]!, firstVersion)));
      if (target.kind === "slots") {
        const { production } = await new SlotSite(target, surroundings).hosts();
        const waiting = { ...deployWaiting, clock: systemClock(), signal };
        await oneDeploy(production.deployment, bytes, surroundings, waiting);
      } else if (target.kind === "staticSite") {
        const host = await staticSiteHost(target, surroundings, signal);
        if (host === undefined) continue;
        await uploadTo(target.siteId, host, surroundings).upload({
          component: { package: "example", digest: "" },
          bytes,
          version: firstVersion,
        });
      }
    }
  });
  return true;
}
