import { parseStackName } from "../../infra/settings";
import type { Clock } from "../../release/engine/clock";
import { systemClock } from "../../release/engine/system-clock";
import { IncidentBook } from "../../release/incident/book";
import { type CarryingOut, carryOutDue } from "../../release/incident/carry-out";
import type { IncidentEvent } from "../../release/incident/events";
import { type IncidentPlan, laddersFor, planIncident } from "../../release/incident/plan";
import { orAddress } from "../../release/incident/rung-message";
import type { IncidentState } from "../../release/incident/state";
import type { VerifiableStore } from "../../release/journal/verifiable-store";
import { teller } from "../../release/messages/tell";
import { UserError } from "../../release/user-error";
import type { Environment } from "../../runbooks/model";
import type { Contract } from "../../runbooks/vocabulary";
import type { CommandContext } from "../context";
import { actorOf } from "../records/actor";
import { contractNamed } from "../release/contract-named";
import { journalStoreOf } from "../release/journal-store";
import { knownFields } from "../release/known-fields";
import type { LoadedSystem } from "../release/load-release";
import { holderName } from "../release/release-process";
import { decryptedBy, settingOf } from "../release/stack-setting";
import { isLocalStack } from "../stack-files";
import { finishedManifest } from "./what-is-live";

/** What every command of an incident begins with; asks neither cloud nor cluster. */
export interface IncidentSession {
  readonly context: CommandContext;
  readonly stack: string;
  /** ` --stack NAME` of commands that are shown; empty on dev. */
  readonly on: string;
  readonly environment: Environment;
  readonly contract: Contract;
  readonly store: VerifiableStore;
  readonly book: IncidentBook;
  readonly clock: Clock;
  /** Who sits here. */
  readonly actor: string;
}

/** @throws UserError for an unknown system, and a stack that does not say where its journals are */
export function openSession(
  context: CommandContext,
  { system, stack }: { readonly system: string; readonly stack: string },
): IncidentSession {
  const contract = contractNamed(system);
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const clock = systemClock();
  return {
    context,
    stack,
    on: isLocalStack(stack) ? "" : ` --stack ${stack}`,
    environment: parseStackName(stack).environment,
    contract,
    store,
    book: new IncidentBook(store, contract.system, holderName(), clock),
    clock,
    actor: actorOf(process.env).name,
  };
}

/** An incident with what its runbook plans for it. */
export interface OpenedIncident {
  readonly id: string;
  readonly state: IncidentState;
  readonly plan: IncidentPlan;
}

/**
 * @param named the newest open one when it is left out, else the newest of all
 * @throws UserError when the system has none, or not this one
 */
export async function findIncident(
  session: IncidentSession,
  named: string | undefined,
): Promise<OpenedIncident> {
  const { book, contract, on } = session;
  const ids = await book.ids();
  if (named !== undefined && !ids.includes(named))
    throw new UserError(`${contract.system} has no incident ${named} in ${book.where}`, {
      mend: ids.length === 0 ? "it has none at all" : `the newest are: ${ids.slice(-3).join(", ")}`,
    });
  const open = named === undefined ? (await book.open()).at(-1)?.opened.incident : named;
  const id = open ?? ids.at(-1);
  if (id === undefined)
    throw new UserError(`${contract.system} has had no incident on ${session.stack}`, {
      mend: `npx switchyard incident ${contract.system} --list${on} shows what its runbook knows.`,
    });
  const state = await book.read(id);
  return { id, state, plan: planOf(session, state) };
}

/** What the contract plans for an incident as its journal has it; for a release that waits, its ladders alone. */
export function planOf({ contract, environment }: IncidentSession, { opened }: IncidentState): IncidentPlan {
  if (opened.about === "incident") return planIncident(contract, environment, opened.symptom);
  return {
    contract,
    environment,
    health: [],
    diagnostics: [],
    gates: [],
    offers: [],
    questions: [],
    messages: [],
    ladders: laddersFor(opened.about, contract, environment),
    callable: [],
  };
}

/** @returns the state as it is after them */
export async function write(
  { book }: IncidentSession,
  id: string,
  ...events: readonly IncidentEvent[]
): Promise<IncidentState> {
  const state = await book.write(id, () => events);
  return state!;
}

/** Tells and asks what is due now. @returns when something is due next */
export async function carryOut(
  session: IncidentSession,
  loaded: LoadedSystem,
  { id, plan }: Pick<OpenedIncident, "id" | "plan">,
): Promise<{ readonly state: IncidentState; readonly next?: Date }> {
  return carryOutDue(plan, id, tellingBy(session, loaded));
}

function tellingBy({ context, book, stack, store }: IncidentSession, loaded: LoadedSystem): CarryingOut {
  const { workspace, signal } = context;
  const { surroundings, facts, contract } = loaded;
  const now = () => new Date();
  return {
    book,
    now,
    progress: context.say,
    tell: (incident, entry, fields) =>
      teller({
        surroundings,
        facts,
        release: incident,
        setting: orAddress(settingOf(workspace, stack, decryptedBy(context, stack))),
        moreFields: async () => ({
          ...(await versionFields(store, contract.system)),
          ...knownFields({ workspace, stack, system: contract.system, user: process.env }),
          ...statusLink(contract.system, stack),
        }),
        now,
        signal,
      })(entry, fields),
  };
}

async function versionFields(
  store: VerifiableStore,
  system: string,
): Promise<Readonly<Record<string, string>>> {
  const manifest = await finishedManifest(store, system);
  return manifest === undefined ? {} : { version: manifest.version };
}

function statusLink(system: string, stack: string): Readonly<Record<string, string>> {
  return {
    link: `npx switchyard incident status ${system}${isLocalStack(stack) ? "" : ` --stack ${stack}`}`,
  };
}
