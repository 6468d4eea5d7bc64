import { jsonOf } from "../clients/http";
import type { Surroundings } from "../clients/surroundings";
import { mapAt } from "../targets/json";
import { UserError } from "../user-error";

/** What is sent by a channel. */
export interface Outgoing {
  readonly text: string;
  readonly colour?: "good" | "warning" | "danger";
  /** The same for the same message of the same release, so that a repeated one is known as such. */
  readonly key: string;
  readonly release: string;
  readonly system: string;
  readonly environment: string;
  /** Why it is sent: `rollback`, `hold`. */
  readonly at: string;
  readonly signal: AbortSignal;
}

/**
 * Sends one message.
 *
 * @param address the channel's secret or setting: a webhook's address, an integration key
 * @throws UserError that never repeats the address
 */
export type Send = (
  surroundings: Pick<Surroundings, "fetchHttp">,
  address: string,
  message: Outgoing,
) => Promise<void>;

const colours = { good: "#2eb886", warning: "#daa038", danger: "#a30200" } as const;
const pagerDutyEvents = new URL("https://events.pagerduty.com/v2/enqueue");
const pagerDutyChanges = new URL("https://events.pagerduty.com/v2/change/enqueue");
/** PagerDuty cuts a summary at this length (Events API v2, "Send an event"). */
const longestSummary = 1024;

/** Incoming webhook of Slack: the text, and a coloured bar where the runbook wants one. */
export const toSlack: Send = async (surroundings, address, message) => {
  const body =
    message.colour === undefined
      ? { text: message.text }
      : { attachments: [{ color: colours[message.colour], text: message.text, fallback: message.text }] };
  await post(surroundings, { what: "Slack", url: webhook("Slack", address), body, signal: message.signal });
};

/**
 * PagerDuty's Events API v2. What somebody has to do something about pages, and the key keeps a repeated event from opening
 * a second incident. What he only has to know is a change event, which stands beside the service's incidents and opens none:
 * one that nobody resolves would keep the next release from starting.
 */
export const toPagerDuty: Send = async (surroundings, address, message) => {
  const severity = severityOf(message.colour);
  const payload = {
    summary: message.text.slice(0, longestSummary),
    source: `${message.system} on ${message.environment}`,
    custom_details: { release: message.release, at: message.at },
  };
  const pages = severity !== undefined;
  const body = pages
    ? {
        routing_key: address,
        event_action: "trigger",
        dedup_key: message.key,
        client: "switchyard",
        payload: { ...payload, severity },
      }
    : { routing_key: address, payload };
  const url = pages ? pagerDutyEvents : pagerDutyChanges;
  await post(surroundings, { what: "PagerDuty", url, body, signal: message.signal });
};

/** Anybody's webhook: the text with what it is about, as JSON. A card of Teams' workflows takes the same. */
export const toWebhook: Send = async (surroundings, address, message) => {
  const { text, colour, key, release, system, environment, at } = message;
  const body = { text, ...(colour && { colour }), key, release, system, environment, at };
  await post(surroundings, {
    what: "the webhook",
    url: webhook("The webhook", address),
    body,
    signal: message.signal,
  });
};

/** Of what pages; undefined for an information. */
function severityOf(colour: Outgoing["colour"]): "critical" | "warning" | undefined {
  return colour === "danger" ? "critical" : colour === "warning" ? "warning" : undefined;
}

function webhook(what: string, address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "https:") return url;
  throw new UserError(`${what}'s address in the vault is no https address`, {
    mend: "its owner has to put the right one there",
  });
}

async function post(
  surroundings: Pick<Surroundings, "fetchHttp">,
  { what, url, body, signal }: { what: string; url: URL; body: unknown; signal: AbortSignal },
): Promise<void> {
  let status: number;
  let said: unknown;
  try {
    const answer = await surroundings.fetchHttp({
      method: "POST",
      url,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
    status = answer.status;
    said = mapAt(jsonOf(answer)).message;
  } catch (error) {
    signal.throwIfAborted();
    // The address is the secret, and a reason may name it.
    if (!(error instanceof Error)) throw error;
    throw new UserError(`${what} at ${url.host} does not answer`, { retriable: true });
  }
  if (status >= 200 && status < 300) return;
  const why = typeof said === "string" ? `${status}: ${said.slice(0, 200)}` : `status ${status}`;
  throw new UserError(`${what} at ${url.host} refused it (${why})`, {
    retriable: status === 429 || status >= 500,
  });
}
