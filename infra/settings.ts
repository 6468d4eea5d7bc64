import { type Environment, environments } from "../runbooks/model";
import {
  type AzureSettings,
  azureSettings,
  type CommonSettings,
  commonSettings,
} from "./config/common-settings";
import { crossFieldFaults } from "./config/cross-field";
import { SettingsError } from "./config/fault";
import { type KiranaSettings, kiranaSettings } from "./config/kirana-settings";
import { likely } from "./config/likely";
import type { Placeholder } from "./config/placeholder";
import type { RawConfig } from "./config/raw-config";
import { type ReadOptions, readTable, unknownKeyFaults } from "./config/read";

export { SettingsError } from "./config/fault";
export type { Placeholder } from "./config/placeholder";
export { type RawConfig, rawConfigOf } from "./config/raw-config";
export type { KiranaSettings };

export interface StackName {
  readonly name: string;
  readonly environment: Environment;
  /** What follows the environment: `blue` in `production-blue`. */
  readonly suffix?: string | undefined;
}

/** Everything that the program is told from outside, read once and checked as a whole. */
export interface Settings extends Omit<CommonSettings, "environment"> {
  readonly stack: StackName;
  readonly azure: AzureSettings;
  readonly kiranaInventory: KiranaSettings;
  /** What the owner has not given yet; only an offline preview goes on while there is one. */
  readonly placeholders: readonly Placeholder[];
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
  const options: ReadOptions = {
    environment: stack.environment,
    offline: context.offline,
    stack: stack.name,
  };
  const common = readTable("switchyard", commonSettings, raw, options);
  const azure = readTable("azure-native", azureSettings, raw, options);
  const kirana = readTable("kirana-inventory", kiranaSettings, raw, options);
  const placeholders = [...common.placeholders, ...azure.placeholders, ...kirana.placeholders];
  const ownFaults = [...common.faults, ...azure.faults, ...kirana.faults];
  const faults = [
    ...unknownKeyFaults(raw),
    ...ownFaults,
    ...crossFieldFaults({
      stack,
      common: common.values,
      azure: azure.values,
      kirana: kirana.values,
      broken: new Set(ownFaults.map(({ key }) => key.replace(/[.[].*$/, ""))),
    }),
    ...(context.offline ? [] : placeholders.map((placeholder) => placeholderFault(placeholder, stack))),
  ];
  if (faults.length > 0) throw new SettingsError(stack.name, faults);
  const { environment: _same, ...rest } = common.values as CommonSettings;
  return {
    ...rest,
    stack,
    azure: azure.values as AzureSettings,
    kiranaInventory: kirana.values as KiranaSettings,
    placeholders,
  };
}

/** What the owner of a stack has not given yet, without judging anything else. */
export function placeholdersIn(raw: RawConfig, stack: string): readonly Placeholder[] {
  const { name, environment } = parseStackName(stack);
  const options: ReadOptions = { environment, offline: true, stack: name };
  return [
    ...readTable("switchyard", commonSettings, raw, options).placeholders,
    ...readTable("azure-native", azureSettings, raw, options).placeholders,
    ...readTable("kirana-inventory", kiranaSettings, raw, options).placeholders,
  ];
}

/** @throws SettingsError when the name begins with no known environment. */
export function parseStackName(name: string): StackName {
  const [, environment, suffix] = stackPattern.exec(name) ?? [];
  const known = environments.find((candidate) => candidate === environment);
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
      allowed: `${environments.join(", ")}, or one of them with a suffix, such as production-blue`,
      mend: meant
        ? `did you mean ${meant}? pulumi stack select ${meant}`
        : "an environment is added in runbooks/model.ts, with its stack file; there is none of this name",
    },
  ]);
}

function placeholderFault({ key, whatIsAsked }: Placeholder, stack: StackName) {
  return {
    key,
    received: `the placeholder <owner: ${whatIsAsked}>`,
    allowed: `${whatIsAsked}, from the owner`,
    mend: `give it in Pulumi.${stack.name}.yaml; switchyard preview --stack ${stack.name} --offline works without it`,
  };
}
