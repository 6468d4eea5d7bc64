/** Why nothing was answered, in words that say where to look; undefined for what is no failure of a connection. */
export function connectionFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "TimeoutError") return "it does not answer in time";
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? undefined : reasons[code];
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (ECONNREFUSED)",
  ECONNRESET: "the connection was cut off (ECONNRESET)",
  EPIPE: "the connection was cut off (EPIPE)",
  EHOSTUNREACH: "there is no way to that host (EHOSTUNREACH)",
  ENETUNREACH: "there is no way to that network (ENETUNREACH)",
  ENOTFOUND: "its host name is not known (ENOTFOUND)",
  EAI_AGAIN: "its host name cannot be looked up now (EAI_AGAIN)",
  ETIMEDOUT: "it does not answer in time (ETIMEDOUT)",
  CERT_HAS_EXPIRED: "its certificate has expired (CERT_HAS_EXPIRED)",
  CERT_NOT_YET_VALID: "its certificate is not valid yet (CERT_NOT_YET_VALID); is this machine's clock right?",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by nobody that is trusted here",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by nobody that is trusted here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is signed by nobody that is trusted here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is signed by nobody that is trusted here",
  CERT_SIGNATURE_FAILURE: "its certificate is signed by an older authority of the same name",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID)",
  EPROTO: "it does not speak TLS, or refuses the client certificate (EPROTO)",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "it asks for a client certificate, and there is none",
};
