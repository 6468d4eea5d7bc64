import { connectionFailure } from "../clients/connection-failure";
import { http2Failure } from "../clients/protocols";

/**
 * Failures of a connection that say nothing about the host: its name cannot be looked up, or there is no way to it from
 * here. Everything else (refused, cut, too slow, a certificate that is wrong) its users meet as well.
 */
const ownFault = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "EMFILE",
  "ENFILE",
  "ENOBUFS",
]);

/**
 * Why a host failed whoever asked it, in words; undefined when the failure says nothing about the host. On dev the front
 * answers for every host, so that its own absence says nothing either.
 *
 * @param error of `Surroundings.fetchHttp`
 */
export function failureOf(error: unknown, byFront = false): string | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code } = cause as NodeJS.ErrnoException;
  if (code !== undefined && (ownFault.has(code) || (byFront && code === "ECONNREFUSED"))) return undefined;
  return http2Failure(cause) ?? connectionFailure(cause);
}
