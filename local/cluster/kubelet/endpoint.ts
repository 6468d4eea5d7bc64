import { askDaemon } from "../../daemon/ask-daemon";
import type { ProcessRecord } from "../../daemon/end-process";
import { readEndpointRecord } from "../../daemon/read-record";
import { clusterFiles } from "../paths";

/** Where the kubelet answers, and with which token. Kept in `cluster/kubelet.json` (0600). */
export interface KubeletEndpoint extends ProcessRecord {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Bearer token, made anew at each start. */
  readonly token: string;
}

export function readKubeletEndpoint(stateDir: string): KubeletEndpoint | undefined {
  return readEndpointRecord<KubeletEndpoint>(clusterFiles(stateDir).kubelet, ["url", "token"]);
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
  const answer = await askDaemon({
    who: "the emulated kubelet",
    url,
    method,
    route,
    headers: { authorization: `Bearer ${token}` },
    body,
    timeoutMilliseconds: 5_000,
  });
  return answer as T;
}
