/** What the front answers itself, for an emulated app or in its own name. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/**
 * Why an answer is not the app's: so that whoever counts lost requests can tell a fault on demand, and what the platform
 * loses, from a request that the release has lost.
 */
export const causeHeader = "x-switchyard-cause";
export type Cause =
  | "fault"
  | "swap"
  | "stopped"
  | "no-endpoint"
  | "unknown-host"
  | "no-route"
  | "firewall"
  | "edge";

export function plainAnswer(status: number, text: string, cause?: Cause): Answer {
  return {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      ...(cause === undefined ? {} : { [causeHeader]: cause }),
    },
    body: `${text}\n`,
  };
}

export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}

/** In the form of Azure's services. */
export function errorAnswer(status: number, code: string, message: string): Answer {
  return jsonAnswer(status, { error: { code, message } });
}
