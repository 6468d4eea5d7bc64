import type { ProcessRecord } from "../../daemon/end-process";
import { UserError } from "../../user-error";
import { readJson } from "../endpoint";
import { clusterFiles } from "../paths";

/** Where the kubelet answers, and with which token. Kept in `cluster/kubelet.json` (0600). */
export interface KubeletEndpoint extends ProcessRecord {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Bearer token, made anew at each start. */
  readonly token: string;
}

export function readKubeletEndpoint(stateDir: string): KubeletEndpoint | undefined {
  const value = readJson<Partial<KubeletEndpoint>>(clusterFiles(stateDir).kubelet);
  return typeof value?.url === "string" && typeof value.token === "string"
    ? (value as KubeletEndpoint)
    : undefined;
}

/**
 * Routes: `GET /pods` (PodRow[]), `GET|POST|DELETE /faults`.
 * @throws UserError when it does not answer or refuses
 */
export async function callKubelet<T>(
  { url, token }: KubeletEndpoint,
  method: string,
  route: string,
  body?: unknown,
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`${url}${route}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5_000),
    });
  } catch (error) {
    throw new UserError(`the emulated kubelet at ${url} does not answer: ${(error as Error).message}`, {
      mend: "switchyard cloud start",
      cause: error,
    });
  }
  const answer = (await response.json()) as T & { error?: string };
  if (response.ok) return answer;
  throw new UserError(`the emulated kubelet refused: ${answer.error}`);
}
