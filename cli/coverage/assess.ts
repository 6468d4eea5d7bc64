import type { Rule } from "../../policies/rule";
import { type CoverageReport, coverageReport, type StatementCoverage } from "../../reports/coverage/model";
import type { SystemName } from "../../runbooks/model";
import { type Contract, type Entry, entrySchema } from "../../runbooks/vocabulary";
import { type Statement, systemOfStatement } from "./catalogue";
import {
  type Executor,
  evidenceRule,
  incidents,
  policyPack,
  type Run,
  releaseEngine,
  replacementsOf,
} from "./executors";

export interface CoverageInput {
  readonly statements: readonly Statement[];
  readonly contracts: readonly Contract[];
  readonly rules: ReadonlyMap<string, Rule>;
}

interface Owner {
  readonly contract: Contract;
  readonly entry: Entry;
}

/** Reads every contract, asks each consumer what it runs of it, and says of every statement what became of it. */
export function assessCoverage({ statements, contracts, rules }: CoverageInput): CoverageReport {
  const executors: readonly Executor[] = [policyPack(rules), evidenceRule, releaseEngine(), incidents()];
  const owners = ownersOf(contracts);
  const known = new Set(statements.map(({ id }) => id));
  const faults = [
    ...contracts.flatMap(malformed),
    ...contracts.flatMap(sameName),
    ...[...owners].flatMap(([id, found]) => ownershipFaults(id, found, known)),
    ...repeated(statements.map(({ id }) => id)).map((id) => `${id} stands twice in the catalogue`),
    ...statements.filter(({ id }) => !owners.has(id)).map(({ id, text }) => `${id} has no entry: ${text}`),
    ...contracts.flatMap((contract) =>
      contract.entries.flatMap((entry) => [
        ...executors.flatMap((executor) => executor.faults(entry, contract)),
        ...replacementFaults(entry, contract, rules),
      ]),
    ),
  ];
  const covered = statements.map((statement) => cover(statement, owners.get(statement.id)?.[0], executors));
  return coverageReport(covered, faults);
}

function cover(
  statement: Statement,
  owner: Owner | undefined,
  executors: readonly Executor[],
): StatementCoverage {
  const base = {
    id: statement.id,
    system: systemOfStatement(statement.id),
    kind: statement.enforce,
    text: statement.text,
    entry: owner ? `${owner.entry.word} ${owner.entry.name}` : "",
    phases: owner?.entry.during ?? [],
  };
  const run = owner && runOf(statement, owner, executors);
  if (run) return { ...base, executor: run.executor, test: run.test, status: run.as };
  const waits = owner !== undefined && waitsForRelease(owner);
  return { ...base, executor: "", test: "", status: waits ? "awaiting the release engine" : "not carried" };
}

/** What runs the owner; what is superseded runs when all that replaces it does. Of a stack's statement its rules do. */
function runOf(statement: Statement, owner: Owner, executors: readonly Executor[]): Run | undefined {
  const direct = firstRun(owner, executors);
  if (direct || owner.entry.word !== "superseded") return direct;
  const replacements = replacementsOf(owner.entry);
  const rules = replacements.filter(({ kind }) => kind === "rule").map(({ name }) => name);
  const byRules: Run | undefined =
    rules.length === 0
      ? undefined
      : {
          executor: `policy pack: ${rules.join(", ")}`,
          test: `tests/policies/rules.test.ts: ${rules.join(", ")}`,
          as: "enforced",
        };
  if (byRules && ["declared", "policy"].includes(statement.enforce)) return byRules;
  const runs = replacements.flatMap(({ kind, name }) => {
    const entry = kind === "entry" ? entryNamed(owner.contract, name) : undefined;
    return kind === "rule" ? [] : [entry && firstRun({ ...owner, entry }, executors)];
  });
  return runs.every((run) => run !== undefined) ? (byRules ?? runs[0]) : undefined;
}

function firstRun({ entry, contract }: Owner, executors: readonly Executor[]): Run | undefined {
  for (const executor of executors) {
    const run = executor.runs(entry, contract);
    if (run) return run;
  }
  return undefined;
}

/** Words that only a release runs; a superseded entry waits with the entries that replace it. */
function waitsForRelease({ entry, contract }: Owner): boolean {
  const stackWords: readonly Entry["word"][] = ["declared", "policy", "alert"];
  if (entry.word !== "superseded") return !stackWords.includes(entry.word);
  return replacementsOf(entry).some(({ kind, name }) => {
    const replacement = kind === "entry" ? entryNamed(contract, name) : undefined;
    return replacement !== undefined && waitsForRelease({ entry: replacement, contract });
  });
}

function entryNamed(contract: Contract, name: string): Entry | undefined {
  return contract.entries.find((entry) => entry.name === name);
}

function ownersOf(contracts: readonly Contract[]): ReadonlyMap<string, readonly Owner[]> {
  const owners = new Map<string, Owner[]>();
  for (const contract of contracts) {
    for (const entry of contract.entries) {
      for (const id of entry.ids) owners.set(id, [...(owners.get(id) ?? []), { contract, entry }]);
    }
  }
  return owners;
}

function ownershipFaults(
  id: string,
  owners: readonly Owner[],
  known: ReadonlySet<string>,
): readonly string[] {
  const named = owners.map(({ contract, entry }) => `${contract.system}'s ${entry.name}`);
  const faults: string[] = [];
  if (!known.has(id)) faults.push(`${id} of ${named.join(" and ")} is not in the catalogue`);
  else if (owners.some(({ contract }) => contract.system !== systemOfStatement(id))) {
    faults.push(`${id} is a statement of ${systemOfStatement(id)}, but ${named.join(" and ")} claims it`);
  }
  if (owners.length > 1)
    faults.push(`${id} has ${owners.length} owners: ${named.join(" and ")}; one is allowed`);
  return faults;
}

function malformed(contract: Contract): readonly string[] {
  return contract.entries.flatMap((entry) => {
    const parsed = entrySchema.safeParse(entry);
    if (parsed.success) return [];
    return parsed.error.issues.map(
      ({ path, message }) =>
        `${contract.system}: ${entry.name}: ${path.join(".") || "the entry"}: ${message}`,
    );
  });
}

function sameName({
  system,
  entries,
}: {
  readonly system: SystemName;
  readonly entries: readonly Entry[];
}): readonly string[] {
  const names = entries.map(({ name }) => name);
  return repeated(names).map((name) => `${system}: two entries are called ${name}`);
}

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

function replacementFaults(
  entry: Entry,
  contract: Contract,
  rules: ReadonlyMap<string, Rule>,
): readonly string[] {
  return replacementsOf(entry).flatMap(({ kind, name }) => {
    const found = kind === "rule" ? rules.has(name) : entryNamed(contract, name) !== undefined;
    return found
      ? []
      : [`${contract.system}: ${entry.name} is superseded by the ${kind} ${name}, which does not exist`];
  });
}
