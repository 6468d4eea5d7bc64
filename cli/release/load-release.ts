import { UserError } from "../../local/user-error";
import type { NamedDays } from "../../release/calendar/calendar";
import { type Surroundings, surroundingsOf } from "../../release/clients/surroundings";
import type { Observed } from "../../release/plan/observed";
import { daysOf } from "../../runbooks/days";
import { type Environment, environments } from "../../runbooks/model";
import { outputName, type ReleaseFacts } from "../../runbooks/release-facts";
import type { Sides } from "../../runbooks/sides";
import type { Contract } from "../../runbooks/vocabulary";
import { recordedState } from "../check/recorded-state";
import type { RecordedState } from "../check/state-file";
import type { CommandContext } from "../context";
import { localEnvironment } from "../drift/survey";
import { isLocalStack } from "../stack-files";
import { ownKubeconfig, readStackConfig } from "../stack-settings";
import { contractNamed } from "./contract-named";
import { observeTracks, withSwaps } from "./observe-tracks";
import { sidesOfStack } from "./stack-sides";

/** What every command of a release begins with. */
export interface LoadedSystem {
  readonly stack: string;
  readonly environment: Environment;
  readonly contract: Contract;
  /** From the stack's recorded outputs. */
  readonly facts: ReleaseFacts;
  readonly settings: ReleaseSettings;
  readonly surroundings: Surroundings;
}

/** The same with where its tracks stand at this moment. */
export interface LoadedRelease extends LoadedSystem {
  readonly observed: Observed;
}

/** What of a stack's settings only a release reads. */
export interface ReleaseSettings {
  /** Blocks of both colours as the stack's file declares them; empty for a system of sites. */
  readonly sides: Sides;
  /** Days that only the owner knows, by setting. */
  readonly days: NamedDays;
}

/**
 * The contract of a system, what its stack says of it, and where it stands at this moment. Only reads.
 *
 * @throws UserError for an unknown system, a stack that does not carry it or was not brought up by this checkout, and when
 *   cloud or cluster do not answer
 */
export async function loadRelease(
  context: CommandContext,
  named: { system: string; stack: string },
): Promise<LoadedRelease> {
  const loaded = await loadSystem(context, named);
  const { contract, facts, settings, surroundings } = loaded;
  const { signal } = context;
  const observed = await context.progress.step(`looking at ${named.system} on ${named.stack}`, async () => {
    const seen = await observeTracks(contract, facts, settings.sides, surroundings, signal);
    return withSwaps(seen, facts, surroundings, signal);
  });
  return { ...loaded, observed };
}

/**
 * The contract of a system and what its stack says of it; asks neither cloud nor cluster.
 *
 * @throws UserError for an unknown system, and a stack that does not carry it or was not brought up by this checkout
 */
export async function loadSystem(
  context: CommandContext,
  { system, stack }: { system: string; stack: string },
): Promise<LoadedSystem> {
  const contract = contractNamed(system);
  const config = readStackConfig(context.workspace, stack);
  const environment = environmentOf(config, stack);
  const facts = factsIn(await recordedState(context, stack), contract, stack);
  const surroundings = surroundingsFor(context, stack, environment);
  const sides = sidesOfStack(context.workspace, stack, system);
  return {
    stack,
    environment,
    contract,
    facts,
    settings: { sides, days: daysIn(config) },
    surroundings,
  };
}

/** How hosts, cloud and cluster of a stack are reached; on dev those of the state folder. */
export function surroundingsFor(
  { workspace }: CommandContext,
  stack: string,
  environment: Environment,
): Surroundings {
  if (!isLocalStack(stack)) return surroundingsOf(environment, process.env);
  const kubeconfig = ownKubeconfig(workspace, stack);
  return surroundingsOf(environment, localEnvironment(process.env, workspace.stateDir, kubeconfig));
}

function environmentOf(config: Readonly<Record<string, unknown>>, stack: string): Environment {
  const value = config["switchyard:environment"];
  const environment = environments.find((each) => each === value);
  if (environment !== undefined) return environment;
  throw new UserError(
    `Pulumi.${stack}.yaml: switchyard:environment is ${JSON.stringify(value)}; allowed: ${environments.join(", ")}.`,
    { mend: "Say which environment the stack is." },
  );
}

const stackType = "pulumi:pulumi:Stack";

/**
 * The output `release` of a system.
 * @throws UserError when the stack does not have it
 */
export function factsIn(
  { resources, stack: name }: RecordedState,
  { system }: Contract,
  stack = name,
): ReleaseFacts {
  const outputs = resources.find(({ type }) => type === stackType)?.outputs ?? {};
  const own = outputs[outputName(system)];
  const facts = typeof own === "object" && own !== null ? (own as { release?: unknown }).release : undefined;
  if (typeof facts === "object" && facts !== null) return facts as ReleaseFacts;
  throw new UserError(
    own === undefined
      ? `Stack ${stack} does not carry ${system}, or was never brought up.`
      : `Stack ${stack} was brought up by an older checkout: it does not say where a release of ${system} finds things.`,
    { mend: `Bring it up: npx switchyard up --stack ${stack}.` },
  );
}

/** Lists of days and periods among a stack's settings, such as `switchyard:holidays`. */
export function daysIn(config: Readonly<Record<string, unknown>>): NamedDays {
  const lists = Object.entries(config).filter((entry): entry is [string, string[]] => {
    const [, value] = entry;
    return Array.isArray(value) && value.length > 0 && value.every((days) => daysOf(days) !== undefined);
  });
  return Object.fromEntries(lists);
}
