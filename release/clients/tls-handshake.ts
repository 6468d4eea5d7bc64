import type { PeerCertificate, SecureVersion, TLSSocket } from "node:tls";

/** What a host shows in a TLS handshake. */
export interface Handshake {
  /** Until when its certificate holds; an invalid date where it does not say. */
  readonly validTo: Date;
  /** Why the certificate is not to be trusted, in Node's words. */
  readonly distrust: string | undefined;
  readonly protocol: string;
}

export interface HandshakeArgs {
  readonly host: string;
  readonly port: number;
  /** Highest version that is offered. @default the newest that Node has */
  readonly maximum?: SecureVersion;
  /** Authorities, PEM. @default those of Node */
  readonly ca?: string;
  readonly signal: AbortSignal;
}

/**
 * One handshake, without a request after it. A certificate that is not to be trusted is shown all the same.
 *
 * @throws Error with Node's code when there is none; the signal's reason
 */
export async function handshake(args: HandshakeArgs): Promise<Handshake> {
  const { host, port, maximum, ca, signal } = args;
  signal.throwIfAborted();
  const { connect } = await import("node:tls");
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({
      host,
      port,
      servername: host,
      rejectUnauthorized: false,
      ...(ca !== undefined && { ca }),
      // OpenSSL itself offers nothing below 1.2 at its usual level, so that a host that accepts it would not be seen.
      ...(maximum !== undefined && {
        minVersion: "TLSv1" as const,
        maxVersion: maximum,
        ciphers: "DEFAULT:@SECLEVEL=0",
      }),
    });
    const stop = () => socket.destroy(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    const ended = () => signal.removeEventListener("abort", stop);
    socket.once("error", (error) => {
      ended();
      reject(signal.aborted ? signal.reason : error);
    });
    socket.once("secureConnect", () => {
      ended();
      const certificate: Partial<PeerCertificate> = socket.getPeerCertificate();
      const { authorizationError } = socket;
      resolve({
        validTo: new Date(certificate.valid_to ?? Number.NaN),
        distrust: socket.authorized ? undefined : String(authorizationError),
        protocol: socket.getProtocol() ?? "unknown",
      });
      socket.destroy();
    });
  });
}

/** Whether a host refuses every version up to one, as it says by an alert or by cutting the connection. */
export async function refusesUpTo(maximum: SecureVersion, args: HandshakeArgs): Promise<boolean> {
  try {
    await handshake({ ...args, maximum });
    return false;
  } catch (error) {
    args.signal.throwIfAborted();
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code.startsWith("ERR_SSL_") || code === "ECONNRESET" || code === "EPROTO") return true;
    throw error;
  }
}
