/** Why nothing was answered, in words that say where to look; undefined for what is no failure of a connection. */
export function connectionFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "TimeoutError") return "it does not answer in time";
  const { code }: { readonly code?: unknown } = error as NodeJS.ErrnoException;
  return typeof code !== "string"
    ? undefined
    : (reasons[code] ?? families.find(([of]) => of.test(code))?.[1](code));
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (ECONNREFUSED)",
  ECONNRESET: "the connection was cut off (ECONNRESET)",
  EPIPE: "the connection was cut off (EPIPE)",
  ECONNABORTED: "the connection was cut off (ECONNABORTED)",
  EHOSTDOWN: "that host is down (EHOSTDOWN)",
  ENETDOWN: "this machine's network is down (ENETDOWN)",
  EADDRNOTAVAIL: "this machine has no address or port left for it (EADDRNOTAVAIL)",
  EMFILE: "this process has too many files and connections open (EMFILE)",
  ENFILE: "this machine has too many files and connections open (ENFILE)",
  ENOBUFS: "this machine has no memory left for connections (ENOBUFS)",
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

/** Codes of Node's HTTP parser, and of OpenSSL: what an answer or a handshake may be found at fault for has many names. */
const families: readonly (readonly [of: RegExp, reason: (code: string) => string])[] = [
  [/^HPE_/, (code) => `what it answers is no HTTP (${code})`],
  [/^ERR_SSL_/, (code) => `no TLS connection comes about (${code})`],
  [
    /^(CERT_|UNABLE_TO_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|ERROR_IN_CERT_|CRL_)/,
    (code) => `its certificate is not to be trusted (${code})`,
  ],
];
