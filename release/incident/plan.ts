import type { Environment } from "../../runbooks/model";
import type { Contract, Entry } from "../../runbooks/vocabulary";
import type { EntryOfWord, Gate } from "../engine/parts";
import { UserError } from "../user-error";
import { type Offer, offersOf, sameAction } from "./offers";
import { type DiagnosticQuestion, readDiagnostic } from "./read-diagnostic";

export type Playbook = EntryOfWord<"playbook">;
export type Ladder = EntryOfWord<"escalation">;
type Manual = EntryOfWord<"manual">;
type Notify = EntryOfWord<"notify">;

/** A question of a playbook as a client can ask it. */
export interface PlannedDiagnostic {
  readonly title: string;
  /** As the contract has it. */
  readonly query: string;
  readonly question: DiagnosticQuestion;
}

/** What an incident of a system does, in order: data, computed from the contract alone. */
export interface IncidentPlan {
  readonly contract: Contract;
  readonly environment: Environment;
  readonly playbook?: Playbook;
  /** Health checks of the system that hold at any time, looked at first. */
  readonly health: readonly Gate[];
  readonly diagnostics: readonly PlannedDiagnostic[];
  /** Gates that the contract looks at in an incident of this kind. */
  readonly gates: readonly Gate[];
  readonly offers: readonly Offer[];
  readonly questions: readonly Manual[];
  readonly messages: readonly Notify[];
  /** Ladders that climb by themselves. */
  readonly ladders: readonly Ladder[];
  /** Ladders that somebody calls when their condition holds. */
  readonly callable: readonly Ladder[];
}

/**
 * @param symptom of one of the system's playbooks; without it the incident has no questions and actions of its own
 * @throws UserError for a symptom that no playbook has, and a playbook with a question that nothing can ask
 */
export function planIncident(
  contract: Contract,
  environment: Environment,
  symptom: string | undefined,
): IncidentPlan {
  const entries = entriesOf(contract, environment);
  const playbooks = entries.filter((entry): entry is Playbook => isOfIncident(entry, "playbook"));
  const playbook = playbooks.find((each) => each.symptom === symptom);
  if (symptom !== undefined && playbook === undefined) {
    throw new UserError(`${contract.system} has no playbook for the symptom "${symptom}"`, {
      mend: `its symptoms: ${playbooks.map((each) => each.symptom).join(", ") || "none"}; switchyard incident ${contract.system} --list`,
    });
  }
  const belongs = (entry: Entry) => belongsTo(entry, playbook, playbooks);
  const inIncident = entries.filter((entry) => entry.during.includes("incident") && belongs(entry));
  return {
    contract,
    environment,
    ...(playbook !== undefined && { playbook }),
    health: entries.filter(isHealthCheck),
    diagnostics: playbook === undefined ? [] : playbook.diagnostics.map(plannedDiagnostic),
    gates: inIncident.filter((entry): entry is Gate => isGate(entry)),
    offers: offersIn(playbook, inIncident),
    questions: inIncident.filter((entry): entry is Manual => entry.word === "manual"),
    messages: inIncident.filter(
      (entry): entry is Notify => entry.word === "notify" && entry.at === "incident",
    ),
    ladders: laddersFor("incident", contract, environment),
    callable: entries.filter(
      (entry): entry is Ladder => entry.word === "escalation" && entry.calledBy !== undefined,
    ),
  };
}

/** Ladders that climb by themselves while an incident is open, or a release holds or goes back. */
export function laddersFor(
  about: "incident" | "hold" | "rollback",
  contract: Contract,
  environment: Environment,
): readonly Ladder[] {
  return entriesOf(contract, environment).filter(
    (entry): entry is Ladder =>
      entry.word === "escalation" && entry.calledBy === undefined && entry.during.includes(about),
  );
}

/** The system's playbooks on a stack, in the contract's order. */
export function playbooksOf(contract: Contract, environment: Environment): readonly Playbook[] {
  return entriesOf(contract, environment).filter((entry): entry is Playbook =>
    isOfIncident(entry, "playbook"),
  );
}

/** On dev incidents of every stack are rehearsed. */
function entriesOf({ entries }: Contract, environment: Environment): readonly Entry[] {
  return environment === "dev" ? entries : entries.filter(({ on }) => on.includes(environment));
}

function isOfIncident(entry: Entry, word: Entry["word"]): boolean {
  return entry.word === word && entry.during.includes("incident");
}

function isGate(entry: Entry): boolean {
  return entry.word === "metricGate" || entry.word === "checkGate";
}

/** Of what holds at any time, that which is asked quickly and says how the system is for whoever uses it. */
function isHealthCheck(entry: Entry): entry is EntryOfWord<"checkGate"> {
  if (entry.word !== "checkGate" || !entry.during.includes("always")) return false;
  return (
    entry.check.provider === "http" || (entry.check.provider === "inNetwork" && entry.check.target === "pod")
  );
}

/**
 * What names a statement of a playbook, or one that a playbook supports, is that playbook's alone; what no playbook
 * claims is for every incident of the system.
 */
function belongsTo(entry: Entry, playbook: Playbook | undefined, all: readonly Playbook[]): boolean {
  const claimedBy = all.filter((each) => statementsOf(each).some((id) => entry.ids.includes(id)));
  const owners =
    claimedBy.length > 0 || entry.ids.length > 0
      ? claimedBy
      : all.filter((each) => statementsOf(each).some((id) => entry.supports?.includes(id)));
  return owners.length === 0 || (playbook !== undefined && owners.includes(playbook));
}

function statementsOf({ ids, supports = [] }: Playbook): Playbook["ids"] {
  return [...ids, ...supports];
}

function plannedDiagnostic({ title, source, query }: Playbook["diagnostics"][number]): PlannedDiagnostic {
  return { title, query, question: readDiagnostic(source, query) };
}

/** Those of the playbook, and steps of the contract that it does not offer itself. */
function offersIn(playbook: Playbook | undefined, inIncident: readonly Entry[]): readonly Offer[] {
  const own = playbook === undefined ? [] : offersOf(playbook);
  const steps = inIncident.filter((entry): entry is EntryOfWord<"step"> => entry.word === "step");
  return own
    .map((offer) => {
      const step = steps.find(({ does }) => sameAction(does, offer.does));
      return step === undefined ? offer : { ...offer, step };
    })
    .concat(
      playbook === undefined
        ? []
        : steps
            .filter(({ does }) => !own.some((offer) => sameAction(does, offer.does)))
            .map((step) => ({
              name: step.name,
              title: step.title,
              entry: step.name,
              does: step.does,
              confirmedBy: "on-call-engineer",
              step,
            })),
    );
}
