import { UserError as LocalError } from "../../local/user-error";
import { act } from "../../release/incident/act";
import type { IncidentEvent } from "../../release/incident/events";
import { carriedOutBy, type Offer, offerWords, undoOf } from "../../release/incident/offers";
import type { IncidentState } from "../../release/incident/state";
import { UserError } from "../../release/user-error";
import { Refused } from "../exit";
import type { LoadedSystem } from "../release/load-release";
import { peopleOfStack } from "../release/people-of-stack";
import { rollback } from "../release/rollback";
import { usualUsers } from "../release/usual-users";
import { type IncidentSession, type OpenedIncident, write } from "./incident-session";
import { askTerminal, confirmAtTerminal, isTerminal } from "./prompt";
import {
  guardAgainstRelease,
  isLive,
  isUnfinished,
  type ReleaseOfSystem,
  releaseOfSystem,
} from "./release-of-system";
import { reasonOf, type WalkOptions } from "./walk";
import { whatIsLive } from "./what-is-live";

const millisecondsPerMinute = 60_000;

interface Doing {
  readonly session: IncidentSession;
  readonly loaded: LoadedSystem;
  readonly opened: OpenedIncident;
  readonly options: WalkOptions;
}

/** Shows what is offered, asks before each of it, and does what was said yes to; without a terminal only what is named. */
export async function doOffers(
  session: IncidentSession,
  loaded: LoadedSystem,
  opened: OpenedIncident,
  options: WalkOptions,
): Promise<void> {
  const { offers } = opened.plan;
  const doing = { session, loaded, opened, options };
  if (options.do.length > 0) {
    for (const offer of wantedOffers(offers, options)) await doOffer(offer, doing);
    return;
  }
  for (const offer of offers) {
    session.context.say(offerText(offer));
    if (isTerminal() && options.format === "text") await doOffer(offer, doing);
  }
}

/**
 * The offers that `--do` names. Also asked before an incident is opened: nobody is paged for a typing error.
 *
 * @throws UserError for an action that is not offered, and where nobody can confirm what is named
 */
export function wantedOffers(
  offers: readonly Offer[],
  options: Pick<WalkOptions, "do" | "yes">,
): readonly Offer[] {
  if (options.do.length > 0 && !options.yes && !isTerminal())
    throw new UserError("nothing is done that nobody confirmed, and this is no terminal", {
      mend: `--do ${options.do.join(" --do ")} --yes, as one whom the playbook names`,
    });
  return options.do.map((name) => offerNamed(offers, name));
}

function offerNamed(offers: readonly Offer[], name: string): Offer {
  const offer = offers.find((each) => each.name === name);
  if (offer !== undefined) return offer;
  throw new UserError(`this playbook offers no action ${name}`, {
    mend: offers.length === 0 ? "it offers none" : `it offers: ${offers.map((each) => each.name).join(", ")}`,
  });
}

const carriers = {
  engine: "done here, once it is confirmed",
  release: "handed over to switchyard release",
  person: "done by hand",
} as const;

export function offerText(offer: Offer): string {
  return `offered: ${offer.name}: ${offer.title}\n    does: ${offerWords(offer)} (${carriers[carriedOutBy(offer)]})\n    undone: ${undoOf(offer)}\n    confirmed by: ${offer.confirmedBy}`;
}

async function doOffer(offer: Offer, doing: Doing): Promise<void> {
  const { session, opened, options } = doing;
  const { context } = session;
  const asked = options.do.length === 0 || !options.yes;
  if (asked && !(await confirmAtTerminal(`${offer.name}: ${offerWords(offer)}. Do it?`, context.signal)))
    return;
  await requireMayConfirm(offer, doing);
  const state = await write(session, opened.id, {
    event: "confirmed",
    entry: offer.entry,
    action: offer.name,
    by: session.actor,
    role: offer.confirmedBy,
    ...reasonOf(options),
  });
  switch (carriedOutBy(offer)) {
    case "engine":
      return actHere(offer, timesConfirmed(state, offer), doing);
    case "release":
      return handOver(offer, doing);
    case "person":
      return byHand(offer, doing);
  }
}

async function requireMayConfirm({ confirmedBy, name }: Offer, { session }: Doing): Promise<void> {
  const { context, stack, actor } = session;
  const { holds, why } = await peopleOfStack(context.workspace, stack, process.env).mayAct(
    actor,
    confirmedBy,
  );
  if (!holds)
    throw new UserError(`${actor} may not confirm ${name}, which the ${confirmedBy} confirms: ${why}`);
}

function timesConfirmed({ timeline }: IncidentState, { name }: Offer): number {
  return timeline.filter((one) => one.event === "confirmed" && one.action === name).length;
}

async function actHere(offer: Offer, run: number, doing: Doing): Promise<void> {
  const { session, loaded, opened } = doing;
  const { store, contract, on, context } = session;
  const about = { entry: offer.entry, action: offer.name } as const;
  try {
    const seen = await act(offer, run, {
      ...loaded,
      ...(await whatIsLive(session, loaded)),
      clock: session.clock,
      signal: context.signal,
      incident: opened.id,
      guard: guardAgainstRelease(store, contract.system, on),
      progress: context.say,
    });
    const json = JSON.parse(JSON.stringify(seen ?? null));
    await write(
      session,
      opened.id,
      { event: "acted", ...about, seen: json },
      ...expiryOf(offer, run, session),
    );
    context.say(`${offer.name}: ${typeof seen === "string" ? seen : JSON.stringify(seen)}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await write(session, opened.id, {
      event: "failed",
      ...about,
      why: error.message,
      retriable: error.retriable,
    });
    throw error;
  }
}

/** What is there for a while only is asked about when its time is over. */
function expiryOf(offer: Offer, run: number, { clock }: IncidentSession): readonly IncidentEvent[] {
  if (offer.expiresMinutes === undefined) return [];
  return [
    {
      event: "followUp",
      name: `${offer.name}-${run}-expires`,
      title: `${offer.title}: its time is over`,
      owner: offer.confirmedBy,
      question: "Is it taken back, or declared for good?",
      dueAt: new Date(clock.now().getTime() + offer.expiresMinutes * millisecondsPerMinute).toISOString(),
    },
  ];
}

/** Traffic, sides and restores are the release's: its own commands do them, with its lease and its journal. */
async function handOver(offer: Offer, { session, opened, options }: Doing): Promise<void> {
  const { context, contract, store, on, stack } = session;
  const release = await releaseOfSystem(store, contract.system);
  const about = { entry: offer.entry, action: offer.name } as const;
  const command = commandFor(offer, release);
  const toStart = async (why: string) => {
    const start = `npx switchyard release start ${contract.system} --to MANIFEST${on}`;
    await write(session, opened.id, { event: "handedOver", ...about, to: start, why });
    context.say(`${offer.name}: ${why}: ${start} (docs/incidents.md)`);
  };
  if (command === undefined)
    return toStart("no release is there that could be taken back: release the version that is wanted");
  const to = `npx switchyard release ${command} ${contract.system}${on}`;
  await write(session, opened.id, { event: "handedOver", ...about, to, why: "the release does it" });
  if (command !== "rollback") {
    context.say(`${offer.name}: ${to}`);
    return;
  }
  const reason = options.reason ?? opened.state.opened.summary;
  try {
    await rollback(context, contract.system, { stack, reason, users: usualUsers });
  } catch (error) {
    // Where this process walked it back, that it is not live any more is what was wanted.
    if (error instanceof Refused) return context.say(error.message);
    // What has ended cannot always be taken back: the side before may be gone. What else was asked for is still done.
    if (!(error instanceof UserError || error instanceof LocalError) || !isLive(release)) throw error;
    await toStart(error.message);
  }
}

/** What the newest release can be told; one that has finished can be taken back alone. Undefined when that is nothing. */
export function commandFor(
  { does }: Pick<Offer, "does">,
  release: ReleaseOfSystem,
): "rollback" | "rollback --restore --reason TEXT" | "resume" | undefined {
  const back =
    (does?.action === "deploy" && does.version === "previous") ||
    (does?.action === "traffic" && does.move === "back");
  const command =
    does?.action === "restore" ? "rollback --restore --reason TEXT" : back ? "rollback" : "resume";
  if (isUnfinished(release)) return command;
  return isLive(release) && command !== "resume" ? command : undefined;
}

async function byHand(offer: Offer, { session, opened, options }: Doing): Promise<void> {
  const { context, actor } = session;
  const about = { entry: offer.entry, action: offer.name } as const;
  const what = options.done ?? (await askTerminal(`What was done? (${offerWords(offer)})`, context.signal));
  if (what === undefined) {
    const why = offerWords(offer);
    await write(session, opened.id, { event: "handedOver", ...about, to: offer.confirmedBy, why });
    context.say(
      `${offer.name}: the ${offer.confirmedBy} does it by hand: ${why}; then --do ${offer.name} --yes --done TEXT`,
    );
    return;
  }
  const run = timesConfirmed(opened.state, offer) + 1;
  await write(
    session,
    opened.id,
    { event: "doneByHand", ...about, by: actor, what },
    ...expiryOf(offer, run, session),
  );
  context.say(`${offer.name}: noted`);
}
