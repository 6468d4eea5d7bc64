import { randomUUID } from "node:crypto";
import { UserError } from "../../local/user-error";
import { promoteHelps } from "../../release/engine/left-out";
import { isOnTheWayBack } from "../../release/engine/people-words";
import { type ReleaseState, stateOf } from "../../release/engine/state";
import type { Command } from "../../release/journal/journal";
import type { VerifiableStore } from "../../release/journal/verifiable-store";
import type { PlanStep } from "../../release/plan/plan";
import type { CommandContext } from "../context";
import { actorOf } from "../records/actor";
import { isLocalStack } from "../stack-files";
import { missedBy, postMortemEntry } from "./earlier-releases";
import { journalStoreOf } from "./journal-store";
import { requireSystem } from "./system-named";

export interface TellOptions {
  readonly stack: string;
  readonly release?: string;
  readonly reason?: string;
  readonly entry?: string;
  readonly role?: string;
  readonly answer?: string | number | boolean;
  readonly restore?: boolean;
}

/** A release as its journal has it, and whether a process runs it now. */
export interface OpenedRelease {
  readonly store: VerifiableStore;
  readonly release: string;
  readonly state: ReleaseState;
  /** Who runs it; undefined when nobody does, and `resume` would take it up. */
  readonly runner: string | undefined;
  /** What was said while no process ran it, and is not in its journal yet. @default nothing */
  readonly noted?: readonly Command[];
  /** The same release as it is by now; costs less than opening it. */
  again(): Promise<OpenedRelease>;
}

/**
 * @param release the newest one when it is not named
 * @throws UserError when the system has none, or not this one, or its journal cannot be relied on
 */
export async function openRelease(
  context: CommandContext,
  system: string,
  { stack, release }: { readonly stack: string; readonly release?: string },
): Promise<OpenedRelease> {
  requireSystem(system);
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const known = await store.releases(system);
  const named = release ?? known.at(-1);
  if (named === undefined || !known.includes(named)) {
    throw new UserError(
      named === undefined
        ? `${system} has no release on ${stack} yet.`
        : `${system} has no release ${named} in ${store.where}.`,
      {
        mend:
          named === undefined
            ? `npx switchyard release plan ${system} --to MANIFEST shows what one would do.`
            : `The newest are: ${known.slice(-3).join(", ")}.`,
      },
    );
  }
  const journal = store.open(system, named);
  const look = async (): Promise<OpenedRelease> => {
    // Before the journal: whoever has left when this is read has written why.
    const lease = await store.lease(system);
    const state = stateOf(await journal.read());
    const runs = state.ended === undefined && lease?.release === named && !lease.isOver;
    const noted = runs || state.ended !== undefined ? [] : await store.commands(system, named, state.heard);
    return { store, release: named, state, runner: runs ? lease.holder : undefined, noted, again: look };
  };
  return look();
}

/** As `tell`, of a release that is opened for it. */
export async function tellRelease(
  context: CommandContext,
  system: string,
  command: Command["command"],
  options: TellOptions,
): Promise<string> {
  return tell(await openRelease(context, system, options), system, command, options);
}

/**
 * Puts a command where the release's process finds it.
 * @returns what was done, for people
 * @throws UserError for a release that has ended, and for an entry that waits for nothing of the kind
 */
export async function tell(
  { store, release, state, runner, noted = [] }: OpenedRelease,
  system: string,
  command: Command["command"],
  options: TellOptions,
): Promise<string> {
  requireTakes(state, command, options, noted);
  const role = options.role ?? onlyRole(state, command, options.entry);
  const by = actorOf(process.env).name;
  await store.send(system, release, {
    id: randomUUID(),
    command,
    by,
    at: new Date().toISOString(),
    ...(options.reason !== undefined && { reason: options.reason }),
    ...(options.entry !== undefined && { entry: options.entry }),
    ...(role !== undefined && { role }),
    ...(options.answer !== undefined && { answer: options.answer }),
    ...(options.restore === true && { restore: true }),
  });
  const on = isLocalStack(options.stack) ? "" : ` --stack ${options.stack}`;
  const said = `${command} of ${release} by ${by}${role === undefined ? "" : ` as ${role}`}`;
  if (state.ended !== undefined) return `${said}: noted${openStill(state, options)}.\n`;
  return runner === undefined
    ? `${said}: noted. No process runs the release: npx switchyard release resume ${system}${on}\n`
    : `${said}: given to ${runner}${answeredHold(state, command)}. npx switchyard release status ${system}${on}\n`;
}

/** Whether a release that no process runs was left on hold by a gate or by a person: taking it up says nothing to that. */
export function waitsUnattended({ state: { held, ended }, runner, noted = [] }: OpenedRelease): boolean {
  // Who goes on has not seen it: the process that hears it stays for it.
  const said = noted.findLast(({ command }) => ["hold", "promote", "resume"].includes(command));
  if (said?.command === "hold") return false;
  return ended === undefined && runner === undefined && held?.needsPerson === true && held.step === undefined;
}

/** What a word is said to, as the journal has it now: it may be something else than who says it has seen. */
function answeredHold({ held }: ReleaseState, command: Command["command"]): string {
  if (command !== "promote" && command !== "resume") return "";
  return held === undefined ? "; nothing is on hold now" : `; it is on hold for: ${held.why}`;
}

/** Steps that the release may still come to, whichever way it goes. */
export function stepsToCome({ plan, rollback, stopped, reopened }: ReleaseState): readonly PlanStep[] {
  if (stopped !== undefined) return [...plan.restore, ...plan.aborted];
  if (rollback !== undefined || reopened !== undefined) return [...plan.rollback, ...plan.restore];
  return [...plan.steps, ...plan.rollback, ...plan.restore, ...plan.aborted];
}

/** Of an answer to a follow-up that leaves it open. */
function openStill({ plan }: ReleaseState, { entry, answer, reason }: TellOptions): string {
  const named = entry === undefined ? undefined : plan.entries[entry];
  const missed = named?.word === "followUp" ? missedBy(named, { answer, reason }) : undefined;
  return missed === undefined ? "" : `, and still open: ${missed}; --reason TEXT accepts it as it is`;
}

function requireTakes(
  state: ReleaseState,
  command: Command["command"],
  { entry, role, restore }: TellOptions,
  noted: readonly Command[],
): void {
  const { ended, release, plan, held } = state;
  const mend = "npx switchyard release status says what it waits for.";
  const named = entry === undefined ? undefined : plan.entries[entry];
  if (ended !== undefined) {
    const later = command === "answer" && (entry === postMortemEntry || named?.word === "followUp");
    if (later) return;
    throw new UserError(`Release ${release} has ended: ${ended.outcome}, ${ended.why}.`, {
      mend:
        ended.outcome === "finished" && plan.stack === undefined
          ? "release rollback takes it back, while the side before is still there; a new one is started with release start."
          : "A new one is started with release start.",
    });
  }
  const wanted = { approve: "approval", answer: "manual" } as const;
  if (command === "rollback" && restore === true) requireRestores({ plan });
  if (command === "confirm") requireConfirms(state, role, noted);
  if (command === "hold" && isOnTheWayBack(state))
    throw new UserError(`Release ${release} goes back, and that is not held.`, { mend });
  if (command === "promote" && held !== undefined && noted.length === 0 && !promoteHelps(state))
    throw new UserError(`promote does nothing for what release ${release} is on hold for: ${held.why}.`, {
      mend,
    });
  if (command !== "approve" && command !== "answer") return;
  const names = Object.values(plan.entries)
    .filter(({ word }) => word === wanted[command])
    .map(({ name }) => name);
  if (named?.word !== wanted[command]) {
    throw new UserError(
      `${entry ?? "nothing"} takes no ${command}; this release has: ${names.join(", ") || "none"}.`,
      { mend },
    );
  }
  if (named.word === "approval" && role !== undefined && !named.roles.includes(role))
    throw new UserError(`${named.name} asks ${named.roles.join(", ")}; received ${role}.`, { mend });
  if (isOnTheWayBack(state) && stepsToCome(state).every((step) => step.entry !== entry))
    throw new UserError(`Release ${release} goes back, and ${entry} is not asked any more.`, { mend });
}

/** Roles that must confirm before the data of a release are restored; none when its contract restores none there. */
export function confirmingRoles({ plan }: Pick<ReleaseState, "plan">): readonly string[] {
  const roles = plan.restore.flatMap(({ entry }) => {
    const named = plan.entries[entry];
    return named?.word === "step" && named.does.action === "restore" ? named.does.confirmedBy : [];
  });
  return [...new Set(roles)];
}

/** @throws UserError where the contract restores no data */
export function requireRestores({ plan }: Pick<ReleaseState, "plan">): void {
  if (confirmingRoles({ plan }).length > 0) return;
  throw new UserError(`The contract of ${plan.system} restores no data on ${plan.environment}.`, {
    mend: "Without --restore the traffic goes back, and the data stay as they are.",
  });
}

function requireConfirms(
  { plan, restoreAsked }: ReleaseState,
  role: string | undefined,
  noted: readonly Command[],
): void {
  const roles = confirmingRoles({ plan });
  if (role !== undefined && roles.includes(role)) {
    if (restoreAsked || noted.some(({ restore }) => restore === true)) return;
    throw new UserError("Nobody has asked for the data to be restored: there is nothing to confirm yet.", {
      mend: `npx switchyard release rollback ${plan.system} --restore --reason TEXT asks for it.`,
    });
  }
  throw new UserError(
    roles.length === 0
      ? `The contract of ${plan.system} restores no data on ${plan.environment}: there is nothing to confirm.`
      : `A restore is confirmed by ${roles.join(" and ")}; received ${role ?? "no role"}.`,
    { mend: "npx switchyard release status says what it waits for." },
  );
}

/** The role in which somebody speaks, where only one is asked. */
function onlyRole(
  { plan }: ReleaseState,
  command: Command["command"],
  entry: string | undefined,
): string | undefined {
  const named = entry === undefined ? undefined : plan.entries[entry];
  if (command === "answer" && named?.word === "manual") return named.role;
  if (command !== "approve" || named?.word !== "approval") return undefined;
  if (named.roles.length === 1) return named.roles[0];
  throw new UserError(`${named.name} asks several roles: ${named.roles.join(", ")}.`, {
    mend: "Say in which you approve: --role ROLE.",
  });
}
