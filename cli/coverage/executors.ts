import type { Rule } from "../../policies/rule";
import { incidentEntries } from "../../release/incident/planned-entries";
import { plannedEntries } from "../../release/plan/planned-entries";
import { isPostMortem } from "../../release/plan/selection";
import type { Kind } from "../../reports/coverage/model";
import type { Contract, Entry } from "../../runbooks/vocabulary";

/** What runs an entry, and what shows that it does. */
export interface Run {
  readonly executor: string;
  readonly test: string;
  readonly as: Kind;
}

/** A consumer of the contracts: says what it runs of an entry, or nothing, or what is wrong with the entry. */
export interface Executor {
  readonly name: string;
  runs(entry: Entry, contract: Contract): Run | undefined;
  /** What the entry asks of this consumer that it does not have. */
  faults(entry: Entry, contract: Contract): readonly string[];
}

/** The pack holds every stack to what is declared: on every preview, by the rules that the entry names. */
export function policyPack(rules: ReadonlyMap<string, Rule>): Executor {
  return {
    name: "policy pack",
    runs(entry) {
      const named = rulesOf(entry).filter((name) => rules.has(name));
      if (named.length === 0) return undefined;
      return {
        executor: `policy pack: ${named.join(", ")}`,
        test: `tests/policies/mutations.slow.test.ts: ${[...entry.ids, ...(entry.supports ?? [])].join(", ")} (${entry.name})`,
        as: "enforced",
      };
    },
    faults(entry, { system }) {
      return rulesOf(entry).flatMap((name) => {
        const rule = rules.get(name);
        if (!rule) return [`${system}: ${entry.name} names the rule ${name}, which the pack does not have`];
        const missing = entry.ids.filter(
          (id) => !rulesOf(entry).some((each) => rules.get(each)?.ids.includes(id)),
        );
        return missing.map(
          (id) => `${system}: no rule of ${entry.name} is for ${id} (${rulesOf(entry).join(", ")})`,
        );
      });
    },
  };
}

/**
 * The pack demands every piece of evidence that a contract names: advisory in ordinary previews, mandatory in a release's
 * run (docs/evidence.md).
 */
export const evidenceRule: Executor = {
  name: "evidence rule",
  runs: (entry) =>
    entry.word === "evidence"
      ? {
          executor: `policy pack: evidence (${entry.predicate})`,
          test: "tests/policies/evidence.test.ts: asks for every entry of the system's contract",
          as: "evidenced",
        }
      : undefined,
  faults: () => [],
};

/** The release engine carries out whatever its planner has a place for; people's answers are asked, the rest it does itself. */
export function releaseEngine(): Executor {
  const planned = new Map<Contract, ReadonlySet<string>>();
  const plannedOf = (contract: Contract) => {
    const known = planned.get(contract) ?? plannedEntries(contract);
    planned.set(contract, known);
    return known;
  };
  return {
    name: "release engine",
    runs(entry, contract) {
      const work = releaseWork[entry.word];
      if (work === undefined || !plannedOf(contract).has(entry.name)) return undefined;
      return {
        executor: `release engine: ${work.does}`,
        test: testOf(work, entry, contract),
        as: heldTo(entry) ?? work.as,
      };
    },
    faults: () => [],
  };
}

/** Incidents carry out what their planner places of each playbook; a playbook that nothing can walk is not among it. */
export function incidents(): Executor {
  const placed = new Map<Contract, ReadonlySet<string>>();
  const placedOf = (contract: Contract) => {
    const known = placed.get(contract) ?? incidentEntries(contract);
    placed.set(contract, known);
    return known;
  };
  return {
    name: "incidents",
    runs(entry, contract) {
      const work = incidentWork[entry.word];
      if (work === undefined || !placedOf(contract).has(entry.name)) return undefined;
      return {
        executor: `incident: ${work.does}`,
        test: testOf(work, entry, contract),
        as: heldTo(entry) ?? work.as,
      };
    },
    faults: () => [],
  };
}

interface ReleaseWork {
  readonly does: string;
  readonly test: string;
  readonly as: Kind;
}

const gateWork: ReleaseWork = {
  does: "gate",
  test: "tests/release/gates/verdict-of-contracts.slow.test.ts",
  as: "enforced",
};
const engineTest = "tests/release/engine/entries-of-contracts.slow.test.ts";
const followUpTest = "tests/cli/release/follow-ups-of-contracts.slow.test.ts";

/**
 * What the engine does with each word of a contract; of the others a stack, an incident or nobody does. Each test has a
 * case for every entry of the word, whose title begins with the system's and the entry's name
 * (tests/cli/coverage/named-tests.slow.test.ts).
 */
const releaseWork: Partial<Readonly<Record<Entry["word"], ReleaseWork>>> = {
  checkGate: gateWork,
  metricGate: gateWork,
  step: { does: "step", test: engineTest, as: "enforced" },
  approval: { does: "approval", test: engineTest, as: "asked" },
  manual: { does: "question", test: engineTest, as: "asked" },
  notify: { does: "message", test: engineTest, as: "enforced" },
  record: { does: "record", test: engineTest, as: "enforced" },
  window: { does: "calendar", test: "tests/release/calendar/windows-of-contracts.test.ts", as: "enforced" },
  target: {
    does: "planned and reported",
    test: "tests/cli/release/targets-of-contracts.test.ts",
    as: "enforced",
  },
  followUp: { does: "follow-up", test: followUpTest, as: "asked" },
};

const incidentTest = "tests/release/incident/entries-of-contracts.test.ts";

/** What an incident does with each word of a contract. */
const incidentWork: Partial<Readonly<Record<Entry["word"], ReleaseWork>>> = {
  playbook: { does: "playbook", test: "tests/release/incident/plan.test.ts", as: "asked" },
  step: { does: "offered action", test: incidentTest, as: "asked" },
  escalation: { does: "ladder", test: incidentTest, as: "enforced" },
  notify: { does: "message", test: incidentTest, as: "enforced" },
  manual: { does: "question", test: incidentTest, as: "asked" },
  checkGate: { does: "gate", test: incidentTest, as: "reported" },
  metricGate: { does: "gate", test: incidentTest, as: "reported" },
};

/** The file, and how the title of its case for the entry begins. What people write after an emergency is a follow-up. */
function testOf({ test }: ReleaseWork, entry: Entry, { system }: Contract): string {
  return `${isPostMortem(entry) ? followUpTest : test}: ${system} ${entry.name}`;
}

/**
 * What an entry says itself of how it is held to, whatever is done with its word (ADR 0141): what can refuse nothing is
 * reported, what a person writes is asked.
 */
function heldTo(entry: Entry): Kind | undefined {
  switch (entry.word) {
    case "checkGate":
      return entry.onBreach === "report" ? "reported" : undefined;
    case "target":
      return entry.blocking ? undefined : "reported";
    case "record":
      return entry.by === "person" ? "asked" : undefined;
    case "window":
      return [entry.rule, ...(entry.also ?? [])].some(refuses) ? undefined : "reported";
    default:
      return undefined;
  }
}

/** Hours that are preferred or avoided, and days that do not block, are warned of. */
function refuses(rule: Extract<Entry, { word: "window" }>["rule"]): boolean {
  if (rule.kind === "freeze") return rule.blocks;
  return rule.kind !== "preferred" && rule.kind !== "avoided";
}

function rulesOf(entry: Entry): readonly string[] {
  return "rules" in entry ? entry.rules : [];
}

/** Who may replace an entry: `rule:NAME` is a rule of the pack, anything else another entry of the contract. */
export function replacementsOf(
  entry: Entry,
): readonly { readonly kind: "rule" | "entry"; readonly name: string }[] {
  if (entry.word !== "superseded") return [];
  return entry.by.map((by) =>
    by.startsWith("rule:") ? { kind: "rule", name: by.slice("rule:".length) } : { kind: "entry", name: by },
  );
}
