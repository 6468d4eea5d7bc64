import { createHash } from "node:crypto";
import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { Surroundings } from "../clients/surroundings";
import { vaultSecret } from "../clients/vault-secret";
import { withinTime } from "../clients/within-time";
import type { EntryOfWord, Finding } from "../engine/parts";
import { UserError } from "../user-error";
import { type Outgoing, type Send, toPagerDuty, toSlack, toWebhook } from "./channels";
import { type MailServer, sendMail } from "./mail-server";
import { mentionsSetting, slackText } from "./mentions";
import { onCallNames } from "./on-call";
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

const mailSetting = "switchyard:mail";

interface MailSetting {
  readonly server: string;
  readonly from: string;
  readonly user?: string;
  readonly passwordSecret?: string;
}

/** A channel that takes longer is given up on: the release waits for its messages. */
const longestMilliseconds = 10_000;

const posts: Partial<Record<Channel["channel"], Send>> = {
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
      const onCall = entry.template.includes("{onCall}") ? await onCallOf(args) : {};
      const { text, unknown } = rendered(entry.template, { ...fields, ...more, ...onCall });
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

/** A message goes out all the same when PagerDuty is away. */
async function onCallOf({
  surroundings,
  facts,
  signal,
}: TellingArgs): Promise<Readonly<Record<string, string>>> {
  if (surroundings.environment === "dev") return {};
  try {
    const names = await inTime(signal, (limit) => onCallNames(surroundings, facts, limit));
    return names === undefined ? {} : { onCall: names };
  } catch (error) {
    if (error instanceof UserError) return {};
    throw error;
  }
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
  const message: Omit<Outgoing, "signal"> = {
    text,
    ...(entry.colour !== undefined && { colour: entry.colour }),
    key: `${release}/${entry.name}`,
    release,
    system: facts.system,
    environment: surroundings.environment,
    at: entry.at,
  };
  try {
    const plain = await inTime(args.signal, (signal) =>
      deliver(channel, entry, { ...message, signal }, args),
    );
    const unnamed =
      plain.length === 0 ? "" : `, and pages nobody as ${plain.join(", ")}: ${mentionsSetting} has no id`;
    return { holds: true, why: `${channel.channel}: delivered${unnamed}` };
  } catch (error) {
    return { holds: false, why: `${channel.channel}: ${reasonOf(error)}` };
  }
}

/** @returns names of the text that page nobody */
async function deliver(
  channel: Channel,
  entry: Notify,
  message: Outgoing,
  args: TellingArgs,
): Promise<readonly string[]> {
  if (channel.channel === "mail") {
    await mail(channel, entry, message, args);
    return [];
  }
  const send = posts[channel.channel];
  if (send === undefined)
    throw new UserError("a release has no way to send by it", { mend: "tell them by hand" });
  const [, , body = message.text] = subjectLine.exec(message.text) ?? [];
  const { text, plain } =
    channel.channel === "slack"
      ? slackText(body, entry.template, await mentionsOf(args))
      : { text: body, plain: [] };
  await send(args.surroundings, await addressOf(channel, args, message.signal), { ...message, text });
  return plain;
}

/** Whoever reads it is called by name where the setting cannot be read. */
async function mentionsOf({ setting }: TellingArgs): Promise<unknown> {
  return setting(mentionsSetting).catch(() => undefined);
}

/** A mail's own subject, which no other channel shows, and the rest of its text. */
const subjectLine = /^Subject: *([^\n]*)\n(.*)$/s;

/** A text that begins with `Subject:` has its own; otherwise the entry's title is one. */
async function mail(
  { setting }: Channel,
  { title, repeatEveryMinutes }: Notify,
  { text, system, environment, key, signal }: Outgoing,
  args: TellingArgs,
): Promise<void> {
  if (setting === undefined)
    throw new UserError("the contract does not say to which address", { mend: "write to them by hand" });
  const to = await args.setting(setting);
  const receivers = (Array.isArray(to) ? to : [to]).filter((each) => typeof each === "string");
  if (receivers.length === 0)
    throw new UserError(`${setting} names no address`, { mend: setCommand(setting) });
  const [, subject, rest] = subjectLine.exec(text) ?? [];
  const server = await mailServerOf(args, signal);
  await sendMail(
    server,
    {
      to: receivers,
      subject: subject ?? `${system} on ${environment}: ${title}`,
      text: rest ?? text,
      key: `${key}/${mailKey(text, repeatEveryMinutes, args.now())}`,
      at: args.now(),
    },
    signal,
  );
}

/**
 * Of one mail among those of its entry: the same when it is sent again, so that a mailbox shows it once, and another for
 * another text and for a repetition, which a mailbox would otherwise hide.
 */
function mailKey(text: string, repeatEveryMinutes: number | undefined, now: Date): string {
  const repetition =
    repeatEveryMinutes === undefined ? 0 : Math.floor(now.getTime() / (repeatEveryMinutes * 60_000));
  return createHash("sha256").update(`${repetition}\n${text}`).digest("hex").slice(0, 12);
}

async function mailServerOf(
  { setting, surroundings, facts }: TellingArgs,
  signal: AbortSignal,
): Promise<MailServer> {
  const value = (await setting(mailSetting)) as MailSetting | undefined;
  const [, host, port] = /^(.+):(\d+)$/.exec(value?.server ?? "") ?? [];
  if (value === undefined || host === undefined || typeof value.from !== "string")
    throw new UserError(`the stack names no mail server: ${mailSetting} is not set`, {
      mend: `${setCommand(`${mailSetting}.server`)} HOST:PORT, and .from ADDRESS (docs/release-people.md)`,
    });
  const { from, user, passwordSecret } = value;
  if (user === undefined || passwordSecret === undefined) return { host, port: Number(port), from };
  const password = await vaultSecret(surroundings, facts.vault, passwordSecret, signal);
  return { host, port: Number(port), from, login: { user, password } };
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
    ...(setting !== undefined && { mend: setCommand(setting) }),
  });
}

/** A setting may be an entry of a map, which the engine finds with --path. */
function setCommand(setting: string): string {
  return `pulumi config set --stack STACK --path '${setting}'`;
}

/** Whatever the work does, the caller is free once its time is over. */
function inTime<T>(outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withinTime(longestMilliseconds, outer, (signal) => {
    return new Promise((resolve, reject) => {
      const leave = () => reject(new UserError(`no answer within ${longestMilliseconds / 1000} s`));
      signal.addEventListener("abort", leave, { once: true });
      work(signal).then(resolve, reject);
    });
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof UserError)
    return [error.message, ...(error.mend === undefined ? [] : [error.mend])].join(": ");
  return error instanceof Error ? error.message.split("\n")[0]! : "it failed";
}
