import { type Environment, environments } from "../../runbooks/model";
import type { Contract } from "../../runbooks/vocabulary";
import { sideBefore } from "./plan-sides";
import type { PlanQuestion } from "./planner";
import type { Refusal } from "./refusal";
import { entriesFor, releaseTypes, updatesStack } from "./selection";
import { unsettledRefusals } from "./side-refusals";
import {
  changesWords,
  foreignChanges,
  losesWhatItHolds,
  ownChanges,
  resourceName,
  type StackChanges,
} from "./stack-changes";

/**
 * Why a contract has no release of infrastructure alone in an environment; nothing when it has one. Asked before the stack is
 * previewed, which takes its time.
 */
export function noSuchRelease(contract: Contract, environment: Environment): readonly Refusal[] {
  const types = releaseTypes({}, { alone: true });
  const has = (each: Environment) => entriesFor(contract, each, types).some(updatesStack);
  if (has(environment)) return [];
  const elsewhere = environments.filter(has);
  const { system } = contract;
  return [
    {
      kind: "no-such-release",
      message:
        elsewhere.length === 0
          ? `the runbook of ${system} has no release of infrastructure alone: none of its steps updates the stack`
          : `on ${environment} no step of the runbook of ${system} updates the stack; on ${elsewhere.join(" and ")} one does`,
      mend: "The stack is brought up by its deployment in CI, or by switchyard up; code is released with --to MANIFEST.",
    },
  ];
}

/** What stands against a release that deploys nothing. Of a candidate and its side nothing is asked. */
export function infrastructureRefusals(
  { contract, environment, facts, observed, manifest }: PlanQuestion,
  stack: StackChanges,
): readonly Refusal[] {
  const { system } = contract;
  return [
    ...noSuchRelease(contract, environment),
    ...facts.tracks.flatMap((track) => unsettledRefusals(system, track, observed[track.name])),
    ...anotherVersion(system, sideBefore(facts, observed).version, manifest.version),
    ...noChanges(system, stack),
  ];
}

/** Everything that the release tells of names the version that is live, which stays what it is. */
function anotherVersion(system: string, live: string | undefined, version: string): readonly Refusal[] {
  if (live === undefined || live === version) return [];
  return [
    {
      kind: "another-version",
      message: `the manifest is of ${version}, and ${live} of ${system} is live: a release of infrastructure alone deploys nothing`,
      mend: `Write version ${live}, or leave --to out; what deploys ${version} as well is --type full with its components.`,
    },
  ];
}

function noChanges(system: string, stack: StackChanges): readonly Refusal[] {
  if (ownChanges(stack).length > 0) return [];
  const foreign = foreignChanges(stack);
  return [
    {
      kind: "no-stack-changes",
      message: `there is nothing to release: a preview of the stack changes nothing of ${system}${foreign.length === 0 ? "" : ` (of other systems: ${changesWords(foreign)})`}`,
      mend: "Run it in the checkout whose changes are to be released; switchyard preview --stack STACK shows what they are.",
    },
  ];
}

/** What whoever starts it should know of the changes. */
export function infrastructureWarnings(system: string, stack: StackChanges): readonly string[] {
  const foreign = foreignChanges(stack);
  const lost = stack.changes.filter(losesWhatItHolds);
  return [
    ...(foreign.length === 0
      ? []
      : [
          `an update is of the whole stack: with those of ${system} come changes of other systems, whose runbooks are not asked (${changesWords(foreign)})`,
        ]),
    ...lost.map(
      ({ urn, op }) =>
        `${op} ${resourceName(urn)}: what it holds goes with it; the stack of the commit before makes it anew, and empty`,
    ),
  ];
}
