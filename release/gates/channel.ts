import { type Outgoing, type Send, toPagerDuty, toSlack, toWebhook } from "../messages/channels";
import { UserError } from "../user-error";
import { type Asking, answer, type Look, looking, nothing } from "./asking";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import type { CheckGateOf } from "./provider-gate";

type ChannelGate = CheckGateOf<"channel">;

/** PagerDuty Events API v2: an event with the routing key of an integration. */
const pagerDutyEvents = new URL("https://events.pagerduty.com/v2/enqueue");
const pagerDutySecret = "pagerduty-integration-key";

const sends: Readonly<Record<Exclude<ChannelGate["check"]["channel"], "mail">, Send>> = {
  slack: toSlack,
  webhook: toWebhook,
  pagerDuty: toPagerDuty,
};

/**
 * Whether a channel takes a message: the contract's own is sent as the release sends its messages, once for each gate and
 * phase, and what takes it must say so. A page is resolved at once. Addresses are secrets and stand in nothing that is
 * said.
 */
export function channelProvider(asking: Asking): GateProvider<ChannelGate> {
  return {
    look(gate, context) {
      const { channel, secret } = gate.check;
      const question = `a message by ${channel}${secret === undefined ? "" : ` (${secret})`}`;
      return looking(question, gate, context, async (look): Promise<Sample> => {
        // A gate that is watched would otherwise write to people at every look.
        const key = `channel ${gate.name} ${context.phaseBegan.toISOString()}`;
        const before = context.remembered.get(key);
        if (typeof before === "string") return answer(question, true, before);
        if (channel === "mail") {
          return nothing(
            question,
            "no mail server tells whether a mail has arrived, and the contract names no mailbox; look into it and waive the gate",
          );
        }
        const name = secret ?? (channel === "pagerDuty" ? pagerDutySecret : undefined);
        if (name === undefined)
          return nothing(question, `the contract names no secret with the address of ${channel}`);
        const address = look.hide(await asking.secret(name, context, look.signal));
        const seen = await sent(sends[channel], address, messageOf(gate, asking, context, look), asking);
        if (!seen.taken) return answer(question, false, seen.why);
        const resolved = channel === "pagerDuty" ? await resolvePage(address, gate, asking, look) : "";
        const said = `${channel} took the message at ${context.clock.now().toISOString()}${resolved}`;
        context.remembered.set(key, said);
        return answer(question, true, said);
      });
    },
  };
}

const keyOf = (gate: ChannelGate, { view }: Asking) => `${view.release}/${gate.name}`;

function messageOf(gate: ChannelGate, asking: Asking, { facts }: GateContext, { signal }: Look): Outgoing {
  return {
    text: gate.check.message ?? `${facts.system}: test of this channel before a release, nothing to do`,
    key: keyOf(gate, asking),
    release: asking.view.release,
    system: facts.system,
    environment: asking.surroundings.environment,
    at: "prepare",
    // What has no colour is only told to PagerDuty, and pages nobody: that says nothing of pages.
    ...(gate.check.channel === "pagerDuty" && { colour: "warning" as const }),
    signal,
  };
}

/** @throws UserError for what says nothing of the channel: it is busy, or there is no way to it from here */
async function sent(
  send: Send,
  address: string,
  message: Outgoing,
  { surroundings }: Asking,
): Promise<{ readonly taken: true } | { readonly taken: false; readonly why: string }> {
  try {
    await send(surroundings, address, message);
    return { taken: true };
  } catch (error) {
    if (!(error instanceof UserError) || error.retriable) throw error;
    return {
      taken: false,
      why: error.mend === undefined ? error.message : `${error.message}; ${error.mend}`,
    };
  }
}

/** @returns what is to be said of it: a page that stays open wakes somebody */
async function resolvePage(
  routingKey: string,
  gate: ChannelGate,
  asking: Asking,
  { signal }: Look,
): Promise<string> {
  const body = { routing_key: routingKey, event_action: "resolve", dedup_key: keyOf(gate, asking) };
  try {
    const { status } = await asking.surroundings.fetchHttp({
      method: "POST",
      url: pagerDutyEvents,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
    if (status === 202) return ", and the page is resolved";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return "; the page could not be resolved: resolve it by hand";
}
