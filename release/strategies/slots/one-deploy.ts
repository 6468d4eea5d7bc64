import { bearer } from "../../clients/bearer";
import { jsonOf } from "../../clients/http";
import type { Surroundings } from "../../clients/surroundings";
import { mapAt } from "../../targets/json";
import { UserError } from "../../user-error";
import { type Waiting, waitFor } from "../waiting";

/** Kudu's numbers for what became of a deployment (Kudu, "REST API"). */
const failed = 3;
export const succeeded = 4;

const uploadMilliseconds = 600_000;

/**
 * Sends a package to the deployment host of a side (OneDeploy) and waits until it is deployed. Azure's client has the
 * ARM call only, which takes an address that Azure can reach and no bytes.
 *
 * @throws UserError, retriable when the host was busy or away
 */
export async function oneDeploy(
  host: string,
  bytes: Buffer,
  surroundings: Surroundings,
  waiting: Waiting,
): Promise<void> {
  const login = { authorization: `Bearer ${await bearer(surroundings, "arm")}` };
  const { signal } = waiting;
  const url = new URL("/api/publish?type=zip&async=true&clean=true", host);
  const answer = await surroundings.fetchHttp({
    method: "POST",
    url,
    headers: { ...login, "content-type": "application/octet-stream" },
    body: bytes,
    timeoutMilliseconds: uploadMilliseconds,
    signal,
  });
  if (answer.status !== 200 && answer.status !== 202) throw refused(url, answer.status, jsonOf(answer));
  const sent = mapAt(jsonOf(answer)).id;
  const path = typeof sent === "string" && sent !== "" ? sent : "latest";
  await waitFor(
    `the deployment to ${url.host} has not ended`,
    async () => {
      const status = new URL(`/api/deployments/${path}`, host);
      const seen = await surroundings.fetchHttp({ method: "GET", url: status, headers: login, signal });
      if (seen.status !== 200 && seen.status !== 202 && seen.status !== 404)
        throw refused(status, seen.status, jsonOf(seen));
      const deployment = mapAt(jsonOf(seen));
      if (deployment.status === failed) {
        throw new UserError(
          `the deployment to ${url.host} failed: ${String(deployment.status_text ?? "no reason given")}`,
        );
      }
      return deployment.status === succeeded
        ? deployment
        : `it is at status ${String(deployment.status ?? seen.status)}`;
    },
    waiting,
  );
}

function refused(url: URL, status: number, body: unknown): UserError {
  const said = mapAt(body).Message ?? mapAt(body, "error").message;
  const mend =
    status === 401 || status === 403
      ? "whoever releases needs Website Contributor on the slot, and its deployment host must let this machine in"
      : undefined;
  return new UserError(
    `${url.host} refused ${url.pathname}: ${said === undefined ? `status ${status}` : String(said)}`,
    {
      mend,
      retriable: status === 409 || status === 429 || status >= 500,
    },
  );
}
