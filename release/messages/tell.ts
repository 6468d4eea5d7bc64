import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { Surroundings } from "../clients/surroundings";
import { vaultSecret } from "../clients/vault-secret";
import type { EntryOfWord, Finding } from "../engine/parts";
import { UserError } from "../user-error";
import { type Outgoing, type Send, toPagerDuty, toSlack, toWebhook } from "./channels";
import { keepMessages, outboxFile } from "./outbox";
import { rendered, unknownField } from "./rendered";

type Notify = EntryOfWord<"notify">;
type Channel = Notify["channels"][number];

export interface TellingArgs {
  readonly surroundings: Surroundings;
  readonly facts: ReleaseFacts;
  readonly release: string;
  /** Value of a setting of the stack by its whole name; undefined when it is not set. */
  setting(name: string): Promise<unknown>;
  /** What the release knows at this moment; it wins over the fields that are given. */
  moreFields?(): Promise<Readonly<Record<string, string>>>;
  now(): Date;
  readonly signal: AbortSignal;
}

/** A channel that takes longer is given up on: the release waits for its messages. */
const longestMilliseconds = 10_000;

const senders: Partial<Record<Channel["channel"], Send>> = {
  slack: toSlack,
  pagerDuty: toPagerDuty,
  webhook: toWebhook,
};

/**
 * Sends what a runbook wants told, by all channels at once; on dev nothing leaves the machine, and each message is kept
 * in the state folder instead. Addresses are secrets, read for this one message and kept by nobody.
 *
 * @returns a function that never throws: what could not be delivered is told by its finding
 */
export function teller(
  args: TellingArgs,
): (entry: Notify, fields: Readonly<Record<string, string>>) => Promise<Finding> {
  return async (entry, fields) => {
    try {
      const more = (await args.moreFields?.().catch(() => ({}))) ?? {};
      const { text, unknown } = rendered(entry.template, { ...fields, ...more });
      const gaps = unknown.length === 0 ? "" : `; ${unknown.join(", ")}: ${unknownField}`;
      const { holds, why } =
        args.surroundings.environment === "dev"
          ? await keep(entry, text, args)
          : await send(entry, text, args);
      return { holds, why: why + gaps };
    } catch (error) {
      return { holds: false, why: `not told: ${reasonOf(error)}` };
    }
  };
}

async function keep(
  entry: Notify,
  text: string,
  { surroundings, facts, release, now }: TellingArgs,
): Promise<Finding> {
  const { stateDir } = surroundings.outside;
  if (stateDir === undefined)
    return { holds: false, why: "SWITCHYARD_STATE_DIR is not set, so that dev's messages have no place" };
  const file = outboxFile(stateDir, facts.system);
  const { audience, colour } = entry;
  await keepMessages(
    file,
    entry.channels.map(({ channel }) => ({
      at: now().toISOString(),
      release,
      entry: entry.name,
      channel,
      audience,
      text,
      ...(colour !== undefined && { colour }),
    })),
  );
  return {
    holds: true,
    why: `kept in messages/${facts.system}.jsonl of the state folder; dev sends nothing`,
  };
}

async function send(entry: Notify, text: string, args: TellingArgs): Promise<Finding> {
  const told = await Promise.all(entry.channels.map((channel) => sendBy(channel, entry, text, args)));
  return { holds: told.every(({ holds }) => holds), why: told.map(({ why }) => why).join("; ") };
}

async function sendBy(channel: Channel, entry: Notify, text: string, args: TellingArgs): Promise<Finding> {
  const { facts, surroundings, release } = args;
  const signal = AbortSignal.any([args.signal, AbortSignal.timeout(longestMilliseconds)]);
  try {
    const sender = senders[channel.channel];
    if (sender === undefined)
      throw new UserError("this release has no way to send by it", { mend: "tell them by hand" });
    const message: Outgoing = {
      text,
      ...(entry.colour !== undefined && { colour: entry.colour }),
      key: `${release}/${entry.name}`,
      release,
      system: facts.system,
      environment: surroundings.environment,
      at: entry.at,
      signal,
    };
    await within(
      signal,
      (async () => sender(surroundings, await addressOf(channel, args, signal), message))(),
    );
    return { holds: true, why: `${channel.channel}: delivered` };
  } catch (error) {
    return { holds: false, why: `${channel.channel}: ${reasonOf(error)}` };
  }
}

/** @throws UserError that names the secret or the setting, never its value */
async function addressOf(
  { channel, secret, setting }: Channel,
  { surroundings, facts, ...args }: TellingArgs,
  signal: AbortSignal,
): Promise<string> {
  if (secret !== undefined) return vaultSecret(surroundings, facts.vault, secret, signal);
  const value = setting === undefined ? undefined : await args.setting(setting);
  if (typeof value === "string" && value !== "") return value;
  throw new UserError(`${setting ?? `the address of ${channel}`} is not set`, {
    ...(setting !== undefined && { mend: `pulumi config set ${setting}` }),
  });
}

/** Whatever the work does, the caller is free once the signal is aborted. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(new UserError(`no answer within ${longestMilliseconds / 1000} s`));
    signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof UserError)
    return [error.message, ...(error.mend === undefined ? [] : [error.mend])].join(": ");
  return error instanceof Error ? error.message.split("\n")[0]! : "it failed";
}
