import type { HttpAnswer } from "../clients/http";
import { jsonOf } from "../clients/http";
import { mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { type Asking, answer, type Look, looking, nothing } from "./asking";
import type { GateContext, GateProvider } from "./gate-provider";
import type { CheckGateOf } from "./provider-gate";
import { failureOf } from "./transport";

type ChannelGate = CheckGateOf<"channel">;
type Check = ChannelGate["check"];

/** PagerDuty Events API v2: an event with the routing key of an integration. */
const pagerDutyEvents = new URL("https://events.pagerduty.com/v2/enqueue");
const pagerDutySecret = "pagerduty-integration-key";

interface Sent {
  readonly delivered: boolean;
  readonly seen: string;
}

/**
 * Whether a channel takes a message: the contract's own is sent, once for each gate and phase, and what takes it must say
 * so. A page is resolved at once. Addresses are secrets and stand in nothing that is said.
 */
export function channelProvider(asking: Asking): GateProvider<ChannelGate> {
  return {
    look(gate, context) {
      const { channel, secret } = gate.check;
      const question = `a message by ${channel}${secret === undefined ? "" : ` (${secret})`}`;
      return looking(question, gate, context, async (look) => {
        // A gate that is watched would otherwise write to people at every look.
        const key = `channel ${gate.name} ${context.phaseBegan.toISOString()}`;
        const before = context.remembered.get(key);
        if (typeof before === "string") return answer(question, true, before);
        if (channel === "mail") {
          return nothing(
            question,
            "mail is sent by the alerts' action group, which tells nobody whether one arrived; look into the mailbox and waive the gate",
          );
        }
        const sent = await send(gate.check, asking, context, look);
        if (sent === undefined)
          return nothing(question, `the contract names no secret with the address of ${channel}`);
        if (sent.delivered) {
          const seen = `${sent.seen} at ${context.clock.now().toISOString()}`;
          context.remembered.set(key, seen);
          return answer(question, true, seen);
        }
        return answer(question, false, sent.seen);
      });
    },
  };
}

async function send(
  check: Check,
  asking: Asking,
  context: GateContext,
  look: Look,
): Promise<Sent | undefined> {
  const { channel, message = `${context.facts.system}: test of this channel before a release` } = check;
  const name = check.secret ?? (channel === "pagerDuty" ? pagerDutySecret : undefined);
  if (name === undefined) return undefined;
  const secret = look.hide(await asking.secret(name, context, look.signal));
  const post = (url: URL, body: object) => posted(asking, url, body, look.signal);
  if (channel === "pagerDuty") {
    const dedupKey = `switchyard-${context.facts.system}-${asking.view.release}-channel-test`;
    const event = { routing_key: secret, dedup_key: dedupKey };
    const payload = { summary: message, source: "switchyard", severity: "info" };
    const raised = await post(pagerDutyEvents, { ...event, event_action: "trigger", payload });
    if (typeof raised === "string") return { delivered: false, seen: raised };
    const taken = raised.status === 202 && mapAt(jsonOf(raised)).status === "success";
    const resolved = await post(pagerDutyEvents, { ...event, event_action: "resolve" });
    if (!taken) return refused("PagerDuty", raised);
    return typeof resolved !== "string" && resolved.status === 202
      ? { delivered: true, seen: "PagerDuty took the page, and it was resolved" }
      : { delivered: true, seen: "PagerDuty took the page; it could not be resolved: resolve it by hand" };
  }
  if (!URL.canParse(secret))
    throw new UserError(`the secret ${name} is no address`, { mend: "put the webhook's URL into the vault" });
  const got = await post(new URL(secret), { text: message });
  if (typeof got === "string") return { delivered: false, seen: got };
  return got.status >= 200 && got.status < 300
    ? { delivered: true, seen: `${channel} took the message (${got.status})` }
    : refused(channel, got);
}

/** @throws UserError for what says nothing of the channel: it is busy, or there is no way to it from here */
function refused(channel: string, { status }: HttpAnswer): Sent {
  if (status === 429) throw new UserError(`${channel} is asked too often (429)`, { retriable: true });
  if (status >= 500) throw new UserError(`${channel} failed (${status})`, { retriable: true });
  return { delivered: false, seen: `${channel} refuses the message (${status}): its secret is stale` };
}

/** @returns why nobody took it, without the address */
async function posted(
  { surroundings }: Asking,
  url: URL,
  body: object,
  signal: AbortSignal,
): Promise<HttpAnswer | string> {
  try {
    return await surroundings.fetchHttp({
      method: "POST",
      url,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
  } catch (error) {
    const failure = signal.aborted ? undefined : failureOf(error, surroundings.environment === "dev");
    if (failure !== undefined) return `nobody takes the message: ${failure}`;
    // The text of the failure has the address in it, which is the secret.
    if (error instanceof UserError)
      throw new UserError(`there is no way from here to ${url.host}`, { cause: error, retriable: true });
    throw error;
  }
}
