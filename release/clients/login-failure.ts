/** MSAL's own words for what passes, with which Azure's SDK begins its message; it keeps nothing else of the answer. */
const passing = /^(network_error|request_timeout|temporarily_unavailable|server_error)\b/;

/** How programs that log in (az and kubelogin, so Python and Go) say that a network was away or slow. */
const noConnection =
  /Max retries exceeded|Failed to establish a new connection|Connection (?:aborted|refused|reset)|connection (?:refused|reset)|no such host|i\/o timeout|TLS handshake timeout|context deadline exceeded|timed out|Temporary failure in name resolution/;

/** Whether a login command that said this may succeed a little later. */
export function saysNoConnection(said: string): boolean {
  return noConnection.test(said);
}

/**
 * Whether a login that failed so may succeed a little later: the network, or a service that is busy or broken. Wrong
 * credentials and a login that is not there stay as they are.
 *
 * @param error of a credential of @azure/identity
 * @param status of the last answer of whoever gives the tokens
 */
export function loginMayPass(error: unknown, status: number | undefined): boolean {
  if (status !== undefined && (status === 408 || status === 429 || status >= 500)) return true;
  if (!(error instanceof Error)) return false;
  // A chain has tried each way to log in. A machine without a managed identity has no network to one.
  const { errors } = error as { errors?: unknown };
  if (Array.isArray(errors))
    return errors.some(
      ({ message }: Error) => !/^ManagedIdentity/.test(message) && saysNoConnection(message),
    );
  return error.name === "TimeoutError" || passing.test(error.message);
}
