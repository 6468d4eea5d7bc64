import type { EntryOfWord } from "../engine/parts";
import type { Ladder } from "./plan";

type Notify = EntryOfWord<"notify">;
type Channel = Notify["channels"][number];

/**
 * The message by which a rung of a ladder is told.
 *
 * @returns undefined where nothing can be sent from here: a call by phone, or a rung without an address
 */
export function rungMessage(ladder: Ladder, rung: number): Notify | undefined {
  const { role, does } = ladder.ladder[rung]!;
  const addressed = addressOf(ladder.ladder[rung]!);
  if (addressed === undefined) return undefined;
  const task = does === undefined ? "" : ` (${does})`;
  return {
    word: "notify",
    name: `${ladder.name}-${rung}`,
    title: `${ladder.title.replace(/\.$/, "")}: ${role}`,
    ids: [],
    on: ladder.on,
    during: ["incident"],
    at: "incident",
    audience: role,
    channels: [addressed],
    template: `{system} on {environment}: {reason}, since {startsAt}. For the ${role}${task}: ${ladder.condition}. Next: {next}. {link}`,
    colour: rung === 0 ? "warning" : "danger",
    fields: ["system", "environment", "reason", "startsAt", "next", "link"],
  };
}

function addressOf({ channel, secret, setting, address }: Ladder["ladder"][number]): Channel | undefined {
  if (channel === "phone" || channel === "sms") return undefined;
  if (secret !== undefined) return { channel, secret };
  const place = setting ?? address;
  return place === undefined ? undefined : { channel, setting: place };
}

/** Settings of a stack, where an address that a runbook gives is its own. */
export function orAddress(setting: (name: string) => Promise<unknown>): (name: string) => Promise<unknown> {
  return async (name) => (name.includes("@") ? name : setting(name));
}
