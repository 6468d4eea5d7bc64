import { mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { bearer } from "./bearer";
import { jsonOf } from "./http";
import type { Surroundings } from "./surroundings";

const apiVersion = "7.4";

export type VaultAsking = Pick<Surroundings, "environment" | "outside" | "fetchHttp">;

/**
 * Value of a secret, read when it is needed and kept by nobody (Key Vault REST, "Get Secret").
 *
 * @param vault `uri` of the facts' vault
 * @throws UserError, which names the secret and never its value
 */
export async function vaultSecret(
  surroundings: VaultAsking,
  vault: { readonly uri: string },
  name: string,
  signal?: AbortSignal,
): Promise<string> {
  const url = new URL(`/secrets/${encodeURIComponent(name)}?api-version=${apiVersion}`, vault.uri);
  const answer = await surroundings.fetchHttp({
    method: "GET",
    url,
    headers: { authorization: `Bearer ${await bearer(surroundings, "vault")}` },
    ...(signal !== undefined && { signal }),
  });
  const { value } = mapAt(jsonOf(answer));
  if (answer.status === 200 && typeof value === "string" && value !== "") return value;
  const { code } = mapAt(jsonOf(answer), "error");
  const said = answer.status === 200 ? "it is empty" : `${String(code ?? "status")} (${answer.status})`;
  throw new UserError(`the secret ${name} of ${url.host} cannot be read: ${said}`, {
    mend:
      answer.status === 404
        ? "somebody has to put it into the vault"
        : "whoever runs the release needs Key Vault Secrets User on the vault",
    retriable: answer.status === 429 || answer.status >= 500,
  });
}
