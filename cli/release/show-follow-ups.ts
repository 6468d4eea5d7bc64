import { systemClock } from "../../release/engine/system-clock";
import { IncidentBook } from "../../release/incident/book";
import type { JournalStore } from "../../release/journal/journal";
import type { CommandContext } from "../context";
import { Refused } from "../exit";
import { isLocalStack } from "../stack-files";
import { systemsNamed } from "./contract-named";
import { type DueFollowUp, dueFollowUps } from "./earlier-releases";
import { journalStoreOf } from "./journal-store";
import type { LookedAt } from "./look-at-follow-ups";
import { holderName } from "./release-process";

export interface FollowUpsOptions {
  readonly stack: string;
  readonly format: "text" | "json";
  /** Looks at the gates of those that consist of gates. */
  readonly look: boolean;
}

/** One of a release, or of an incident that is closed or open. */
type Due = DueFollowUp & { readonly system: string; readonly incident?: true };

/** What ended releases and incidents still ask for and is due, with the command that answers it. */
export async function showFollowUps(
  context: CommandContext,
  system: string | undefined,
  { stack, format, look }: FollowUpsOptions,
): Promise<void> {
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const due: Due[] = [];
  const looked: LookedAt[] = [];
  for (const name of systemsNamed(system)) {
    const ofReleases = await dueFollowUps(store, name, new Date());
    if (look) {
      const { lookAtFollowUps } = await import("./look-at-follow-ups.js");
      looked.push(...(await lookAtFollowUps(context, store, stack, name, ofReleases)));
    }
    const answered = looked.filter((one) => one.answered).map(({ followUp }) => followUp);
    due.push(
      ...ofReleases.filter((one) => !answered.includes(one)).map((one) => ({ system: name, ...one })),
      ...(await dueOfIncidents(store, name, new Date())),
    );
  }
  if (format === "json") context.out(`${JSON.stringify({ stack, due, looked }, undefined, 2)}\n`);
  else context.out(followUpsText(stack, due, looked));
  const not = looked.flatMap(({ verdicts }) => verdicts.filter(({ verdict }) => verdict !== "pass"));
  if (not.length > 0)
    throw new Refused(
      `error: ${not.map(({ gate, verdict, why }) => `${gate}: ${verdict}, ${why}`).join("; ")}`,
    );
}

async function dueOfIncidents(store: JournalStore, system: string, now: Date): Promise<readonly Due[]> {
  const book = new IncidentBook(store, system, holderName(), systemClock());
  const states = await Promise.all((await book.ids()).map((id) => book.read(id)));
  return states.flatMap(({ opened, followUps, answers }) =>
    followUps
      .filter(({ name, dueAt }) => !answers.has(name) && Date.parse(dueAt) <= now.getTime())
      .map(({ name, title, owner, question, dueAt }) => ({
        system,
        incident: true as const,
        release: opened.incident,
        entry: name,
        title,
        owner,
        question,
        dueAt,
        blocksNextRelease: false,
      })),
  );
}

export function followUpsText(stack: string, due: readonly Due[], looked: readonly LookedAt[]): string {
  const on = isLocalStack(stack) ? "" : ` --stack ${stack}`;
  const seen = looked.flatMap(({ followUp, verdicts, answered }) => [
    `${followUp.title}${answered ? ": answered" : ""}\n`,
    ...verdicts.map(
      ({ gate, statements, verdict, why }) =>
        `  ${verdict}: ${gate}${statements.length === 0 ? "" : ` (${statements.join(", ")})`}: ${why}\n`,
    ),
  ]);
  const open = due.map((one) => {
    const blocks = one.blocksNextRelease ? ", blocks the next release" : "";
    const missed =
      one.missed === undefined ? "" : `  ${one.missed}; --reason TEXT accepts an answer as it is\n`;
    const next = one.nextLookAt === undefined ? "" : `, next at ${one.nextLookAt}`;
    return `${one.system}  ${one.title} (${one.owner}, due ${one.dueAt}${blocks})\n  ${one.question ?? `gates are looked at again${next}`}\n${missed}  ${commandFor(one)}${on}\n`;
  });
  if (open.length === 0) open.push(`nothing is due on ${stack}\n`);
  return [...seen, ...open].join("");
}

function commandFor({ system, release, entry, gates, incident }: Due): string {
  if (gates !== undefined) return `npx switchyard release followups ${system} --look`;
  if (incident)
    return `npx switchyard incident answer ${system} --incident ${release} --entry ${entry} --value ANSWER`;
  return `npx switchyard release answer ${system} --release ${release} --entry ${entry} --value ANSWER`;
}
