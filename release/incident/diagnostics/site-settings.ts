import { createHash } from "node:crypto";
import type { Surroundings } from "../../clients/surroundings";
import { answer, looking, nothing } from "../../gates/asking";
import type { GateContext, Sample } from "../../gates/gate-provider";
import { measureLimit } from "../../gates/measuring";
import { listAt, mapAt } from "../../targets/json";
import { shortened } from "./shortened";

const webApiVersion = "2025-05-01";

/**
 * App settings of a site or slot: their names, which stay with the slot, and whether references to a vault resolve. Values
 * are shown as the beginning of a digest, by which two slots can be compared, and never themselves.
 */
export function siteSettings(
  id: string | undefined,
  { arm }: Pick<Surroundings, "arm">,
  context: GateContext,
): Promise<Sample> {
  const question = `app settings of ${id ?? "a resource that the facts do not name"}`;
  return looking(question, measureLimit, context, async ({ signal }) => {
    if (id === undefined)
      return nothing(question, "the stack's output release does not name it; npx switchyard up");
    const reader = arm(signal);
    const site = id.replace(/\/slots\/[^/]+$/, "");
    const [settings, sticky, references] = await Promise.all([
      reader.list(`${id}/config/appsettings`, "list", webApiVersion),
      reader.get(`${site}/config/slotConfigNames`, webApiVersion),
      reader.get(`${id}/config/configreferences/appsettings`, webApiVersion),
    ]);
    if (settings === undefined) return nothing(question, "it has no settings, or is not there");
    const stays = listAt(sticky, "properties", "appSettingNames").map(String);
    const resolved = new Map(
      listAt(references, "value").map((reference) => [
        String(mapAt(reference).name),
        String(mapAt(reference, "properties").status),
      ]),
    );
    const lines = Object.entries(mapAt(settings, "properties"))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => {
        const digest = createHash("sha256").update(String(value)).digest("hex").slice(0, 8);
        const status = resolved.get(name);
        const isReference = String(value).startsWith("@Microsoft.KeyVault");
        return [
          name,
          digest,
          ...(stays.includes(name) ? ["stays with the slot"] : []),
          ...(isReference ? [`vault reference: ${status ?? "not known whether it resolves"}`] : []),
        ].join(", ");
      });
    const unresolved = [...resolved].filter(([, status]) => status !== "Resolved");
    return answer(question, unresolved.length === 0, shortened(lines));
  });
}
