import { type Environment, environments } from "../runbooks/model";
import {
  type AzureSettings,
  azureSettings,
  type CommonSettings,
  commonSettings,
} from "./config/common-settings";
import { crossFieldFaults } from "./config/cross-field";
import { type SettingFault, SettingsError } from "./config/fault";
import { likely } from "./config/likely";
import { secondLocalStackMend } from "./config/local-cloud";
import type { Placeholder } from "./config/placeholder";
import type { RawConfig } from "./config/raw-config";
import { type ReadOptions, readTable, type TableReading, unknownKeyFaults } from "./config/read";
import { type DeclarableSystem, declarableSystems } from "./config/system-names";
import { type OwnSettings, systemEntries } from "./config/systems";

export { SettingsError } from "./config/fault";
export type { Placeholder } from "./config/placeholder";
export { type RawConfig, rawConfigOf } from "./config/raw-config";
export type { DeclarableSystem } from "./config/system-names";

export interface StackName {
  readonly name: string;
  readonly environment: Environment;
  /** What follows the environment: `blue` in `production-blue`. */
  readonly suffix?: string | undefined;
}

/** What all systems of a stack are told from outside. */
export interface StackSettings extends Omit<CommonSettings, "environment"> {
  readonly stack: StackName;
  readonly azure: AzureSettings;
}

/** Everything that the program is told from outside, read once and checked as a whole. */
export interface Settings extends StackSettings {
  /** Settings of each system that the stack carries. */
  readonly bySystem: Partial<OwnSettings>;
  /** What the owner has not given yet; only an offline preview goes on while there is one. */
  readonly placeholders: readonly Placeholder[];
}

/** What one system is told: the common settings and its own, no other system's. */
export interface SystemSettings<System extends DeclarableSystem> extends StackSettings {
  readonly own: OwnSettings[System];
}

export interface SettingsContext {
  /** Name of the stack, such as `staging` or `production-blue`. */
  readonly stack: string;
  /** Whether this is an offline preview: placeholders and sealed values are then replaced by nobody's values. */
  readonly offline: boolean;
}

const stackPattern = /^([a-z]+)(?:-([a-z0-9]+(?:-[a-z0-9]+)*))?$/;

/**
 * Reads the settings of a stack.
 *
 * @throws SettingsError with every fault of every key, each with what was received (a secret never), what is allowed
 *   and the mend. A placeholder is a fault unless the preview is offline.
 */
export function readSettings(raw: RawConfig, context: SettingsContext): Settings {
  const stack = parseStackName(context.stack);
  const tables = readTables(raw, stack, context.offline);
  const { common, azure, systems } = tables;
  const commonValues = common.values as Partial<CommonSettings>;
  const placeholders = placeholdersOf(tables);
  const faults = [
    ...unknownKeyFaults(raw, stack.name),
    ...common.faults,
    ...azure.faults,
    ...Object.values(systems).flatMap((reading) => reading.faults),
    ...crossFieldFaults({ stack, common: commonValues, azure: azure.values }),
    ...Object.entries(systems).flatMap(([system, { values, faults: own }]) =>
      systemEntries[system as DeclarableSystem].crossFieldFaults({
        stack,
        common: commonValues,
        azure: azure.values,
        own: values,
        broken: new Set(own.map(({ key }) => key.replace(/[.[].*$/, ""))),
      }),
    ),
    ...(context.offline ? [] : placeholders.map((placeholder) => placeholderFault(placeholder, stack))),
  ];
  if (faults.length > 0) throw new SettingsError(stack.name, faults);
  const { environment: _same, ...rest } = common.values as CommonSettings;
  const bySystem = Object.fromEntries(
    Object.entries(systems).map(([system, { values }]) => [system, values]),
  );
  return { ...rest, stack, azure: azure.values as AzureSettings, bySystem, placeholders };
}

/** What the owner of a stack has not given yet, without judging anything else. */
export function placeholdersIn(raw: RawConfig, stack: string): readonly Placeholder[] {
  return placeholdersOf(readTables(raw, parseStackName(stack), true));
}

/** @throws Error when the stack does not carry the system. */
export function settingsOf<System extends DeclarableSystem>(
  system: System,
  { bySystem, placeholders: _read, ...common }: Settings,
): SystemSettings<System> {
  const own = bySystem[system];
  if (!own) throw new Error(`stack ${common.stack.name} does not carry ${system}`);
  return { ...common, own };
}

interface Tables {
  readonly common: TableReading;
  readonly azure: TableReading;
  readonly systems: Partial<Record<DeclarableSystem, TableReading>>;
}

function readTables(raw: RawConfig, stack: StackName, offline: boolean): Tables {
  const options: ReadOptions = { environment: stack.environment, offline, stack: stack.name };
  const common = readTable("switchyard", commonSettings, raw, options);
  // Which systems the stack carries is itself a setting: while it cannot be read, none of theirs is asked for.
  const carried = (common.values.systems ?? []) as readonly DeclarableSystem[];
  return {
    common,
    azure: readTable("azure-native", azureSettings, raw, options),
    systems: Object.fromEntries(
      declarableSystems
        .filter((system) => carried.includes(system))
        .map((system) => [system, readTable(system, systemEntries[system].table, raw, options)]),
    ),
  };
}

function placeholdersOf({ common, azure, systems }: Tables): readonly Placeholder[] {
  return [common, azure, ...Object.values(systems)].flatMap(({ placeholders }) => placeholders);
}

/** @throws SettingsError when the name begins with no known environment; dev has no other stack beside it. */
export function parseStackName(name: string): StackName {
  const [, environment, suffix] = stackPattern.exec(name) ?? [];
  const known = environments.find((candidate) => candidate === environment);
  if (known === "dev" && suffix !== undefined) throw new SettingsError(name, [secondDev(name)]);
  if (known) return { name, environment: known, suffix };
  const begun = environment ?? name;
  // Shortened names are the most usual ones: prod, stag.
  const meant =
    environments.find((candidate) => begun.length >= 3 && candidate.startsWith(begun)) ??
    likely(begun, environments);
  throw new SettingsError(name, [
    {
      key: "name of the stack",
      received: JSON.stringify(name),
      allowed: stackNames,
      mend: meant
        ? `did you mean ${meant}? pulumi stack select ${meant}`
        : "an environment is added in runbooks/model.ts, with its stack file; there is none of this name",
    },
  ]);
}

const stackNames = `${environments.join(", ")}, or staging or production with a suffix, such as production-blue`;

/** The stand-ins and the embedded cloud serve one stack: another one would be taken to the real cloud. */
function secondDev(name: string): SettingFault {
  return {
    key: "name of the stack",
    received: JSON.stringify(name),
    allowed: stackNames,
    mend: secondLocalStackMend,
  };
}

function placeholderFault({ key, whatIsAsked }: Placeholder, stack: StackName) {
  return {
    key,
    received: `the placeholder <owner: ${whatIsAsked}>`,
    allowed: `${whatIsAsked}, from the owner`,
    mend: `give it in Pulumi.${stack.name}.yaml; switchyard preview --stack ${stack.name} --offline works without it`,
  };
}
