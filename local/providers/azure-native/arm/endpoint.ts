import { UserError } from "../../../user-error";

export interface Endpoint {
  /** `http://127.0.0.1:PORT` */
  url: string;
  token: string;
}

export type FindEndpoint = () => Promise<Endpoint>;

const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** @throws UserError for an endpoint that is not on this machine: a stand-in never speaks to anything else */
export function refuseRemote(endpoint: Endpoint): Endpoint {
  const { protocol, hostname } = new URL(endpoint.url);
  if (protocol === "http:" && LOOPBACK.has(hostname)) return endpoint;
  throw new UserError(
    `the local cloud's endpoint is "${endpoint.url}"; a stand-in speaks to loopback addresses only`,
  );
}
