import type { ReleaseFacts } from "../../runbooks/release-facts";
import { jsonOf } from "../clients/http";
import type { Surroundings } from "../clients/surroundings";
import { vaultSecret } from "../clients/vault-secret";
import { type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";

const api = "https://api.pagerduty.com";

/**
 * Who is on call at the first level for a system's service, as PagerDuty says it now (REST API v2).
 *
 * @returns names; undefined when the stack names no service, or nobody is on call
 * @throws UserError when PagerDuty or the vault does not answer
 */
export async function onCallNames(
  surroundings: Surroundings,
  { pagerDuty, vault }: ReleaseFacts,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (pagerDuty === undefined) return undefined;
  const token = await vaultSecret(surroundings, vault, pagerDuty.tokenSecret, signal);
  const ask = async (path: string, query: Readonly<Record<string, string>> = {}): Promise<Json> => {
    const url = new URL(path, api);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const answer = await surroundings.fetchHttp({
      method: "GET",
      url,
      headers: {
        accept: "application/vnd.pagerduty+json;version=2",
        authorization: `Token token=${token}`,
      },
      signal,
    });
    if (answer.status === 200) return mapAt(jsonOf(answer));
    throw new UserError(`PagerDuty does not say who is on call (${answer.status})`);
  };
  const service = await ask(`/services/${encodeURIComponent(pagerDuty.serviceId)}`);
  const policy = mapAt(service, "service", "escalation_policy").id;
  if (typeof policy !== "string") return undefined;
  const entries = listAt(
    await ask("/oncalls", { "escalation_policy_ids[]": policy, "include[]": "users" }),
    "oncalls",
  );
  const names = entries
    .map((entry) => mapAt(entry))
    .filter(({ escalation_level: level }) => level === 1)
    .map((entry) => mapAt(entry, "user"))
    .map(({ name, summary }) => String(name ?? summary));
  return names.length === 0 ? undefined : [...new Set(names)].join(", ");
}
