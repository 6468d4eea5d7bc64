import type { z } from "zod";
import type { Environment } from "../../runbooks/model";
import { azureSettings, commonSettings, otherAzureKeys } from "./common-settings";
import { setConfigCommand } from "./config-command";
import { hidden, type SettingFault, shown } from "./fault";
import { likely } from "./likely";
import { askedFor, holdsBrokenMark, type Placeholder, sealedValue } from "./placeholder";
import type { RawConfig } from "./raw-config";
import { isRequired, type Setting, type SettingTable } from "./setting";
import { systemEntries } from "./systems";

export interface ReadOptions {
  readonly environment: Environment;
  readonly stack: string;
  readonly offline: boolean;
}

interface Reading {
  readonly value?: unknown;
  readonly faults: readonly SettingFault[];
  readonly placeholders: readonly Placeholder[];
}

export interface TableReading {
  /** Complete only when there is no fault. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly faults: readonly SettingFault[];
  readonly placeholders: readonly Placeholder[];
}

const tables: Readonly<Record<string, SettingTable>> = {
  switchyard: commonSettings,
  "azure-native": azureSettings,
  ...Object.fromEntries(Object.entries(systemEntries).map(([system, { table }]) => [system, table])),
};

/** Namespaces of the engine itself. */
const foreignNamespaces = new Set(["pulumi"]);

/** Reads the settings of one namespace; every key is read, whatever is wrong with the others. */
export function readTable(
  namespace: string,
  table: SettingTable,
  raw: RawConfig,
  options: ReadOptions,
): TableReading {
  const values: Record<string, unknown> = {};
  const faults: SettingFault[] = [];
  const placeholders: Placeholder[] = [];
  for (const [name, setting] of Object.entries(table)) {
    const reading = readOne(`${namespace}:${name}`, setting, raw, options);
    if (reading.value !== undefined) values[name] = reading.value;
    faults.push(...reading.faults);
    placeholders.push(...reading.placeholders);
  }
  return { values, faults, placeholders };
}

function readOne(key: string, setting: Setting, raw: RawConfig, options: ReadOptions): Reading {
  const text = raw.values[key];
  if (text === undefined || text === "") return absent(key, setting, options);
  const encrypted = raw.secretKeys.has(key);
  const found = replacePlaceholders(key, parse(text, setting), setting, options);
  const faults = [...found.faults, ...encryptionFaults(key, setting, encrypted, found.untouched, options)];
  if (faults.length > 0) return { faults, placeholders: found.placeholders };
  const parsed = setting.schema.safeParse(found.value);
  if (parsed.success) return { value: parsed.data, faults: [], placeholders: found.placeholders };
  const conceal = encrypted || setting.secret;
  return {
    faults: parsed.error.issues.map((issue) =>
      issueFault(key, setting, issue, found.value, conceal, options),
    ),
    placeholders: found.placeholders,
  };
}

function absent(key: string, setting: Setting, options: ReadOptions): Reading {
  if (!isRequired(setting, options.environment)) {
    return { value: setting.fallback, faults: [], placeholders: [] };
  }
  const fault = {
    key,
    received: "nothing",
    allowed: setting.allowed,
    mend: setCommand(key, setting, options),
  };
  return { faults: [fault], placeholders: [] };
}

function parse(text: string, { form }: Setting): unknown {
  if (askedFor(text) !== undefined || text === sealedValue) return text;
  if (form === "number") return Number.isNaN(Number(text)) ? text : Number(text);
  if (form === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (form === "text") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

interface Replaced {
  readonly value: unknown;
  readonly placeholders: readonly Placeholder[];
  readonly faults: readonly SettingFault[];
  /** Whether the value holds no placeholder and nothing sealed. */
  readonly untouched: boolean;
}

/** Puts the dummy where the owner or the secrets provider would have to give a value. */
function replacePlaceholders(key: string, value: unknown, setting: Setting, options: ReadOptions): Replaced {
  const placeholders: Placeholder[] = [];
  const faults: SettingFault[] = [];
  let untouched = true;
  const replace = (leaf: unknown, path: string): unknown => {
    if (Array.isArray(leaf)) return leaf.map((entry, index) => replace(entry, `${path}[${index}]`));
    if (typeof leaf === "object" && leaf !== null) {
      return Object.fromEntries(
        Object.entries(leaf).map(([name, entry]) => [name, replace(entry, `${path}.${name}`)]),
      );
    }
    if (leaf === sealedValue && options.offline) {
      untouched = false;
      return setting.dummy ?? leaf;
    }
    const whatIsAsked = askedFor(leaf);
    if (whatIsAsked === undefined) {
      if (typeof leaf === "string" && holdsBrokenMark(leaf)) faults.push(brokenMark(path, setting, leaf));
      return leaf;
    }
    untouched = false;
    if (setting.dummy === undefined || options.environment === "dev") {
      faults.push({
        ...misplaced(key, setting, whatIsAsked, options),
        key: path,
      });
      return leaf;
    }
    placeholders.push({ key: path, whatIsAsked });
    return setting.dummy;
  };
  const replaced = replace(value, key);
  return { value: wholeValue(value, replaced, setting), placeholders, faults, untouched };
}

/** A dummy in the place of a whole number or list. */
function wholeValue(before: unknown, replaced: unknown, setting: Setting): unknown {
  if (typeof before !== "string" || before === replaced) return replaced;
  if (setting.form === "number") return Number(replaced);
  const list = [replaced];
  return setting.form === "json" && setting.schema.safeParse(list).success ? list : replaced;
}

function brokenMark(key: string, setting: Setting, value: string): SettingFault {
  return {
    key,
    received: setting.secret ? hidden : shown(value),
    allowed: "a placeholder that is the whole value, <owner: WHAT IS ASKED>",
    mend: "write the placeholder alone, or the value",
  };
}

function misplaced(key: string, setting: Setting, whatIsAsked: string, options: ReadOptions): SettingFault {
  return {
    key,
    received: `the placeholder <owner: ${whatIsAsked}>`,
    allowed: `${setting.allowed}; ${options.environment === "dev" ? "dev has no placeholders" : "this setting has none"}`,
    mend: setCommand(key, setting, options),
  };
}

function encryptionFaults(
  key: string,
  setting: Setting,
  encrypted: boolean,
  given: boolean,
  options: ReadOptions,
): readonly SettingFault[] {
  if (!given) return [];
  if (options.environment === "dev") {
    if (!encrypted && !setting.secret) return [];
    return [
      {
        key,
        received: encrypted ? "an encrypted value" : hidden,
        allowed: "no secret in dev: its passphrase is in the source, and it generates what it needs",
        mend: `pulumi config rm ${key} --stack ${options.stack}`,
      },
    ];
  }
  if (!setting.secret || encrypted) return [];
  return [
    {
      key,
      received: "a value in clear, not shown",
      allowed: setting.allowed,
      mend: `${setCommand(key, setting, options)}; it was readable in the file, so change it where it came from`,
    },
  ];
}

function issueFault(
  key: string,
  setting: Setting,
  issue: z.core.$ZodIssue,
  value: unknown,
  conceal: boolean,
  options: ReadOptions,
): SettingFault {
  const path = issue.path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("");
  const unknown = issue.code === "unrecognized_keys" ? issue.keys : [];
  const at = issue.path.reduce<unknown>(
    (inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
    value,
  );
  return {
    key: `${key}${path}`,
    received:
      unknown.length > 0
        ? `unknown ${unknown.map((name) => JSON.stringify(name)).join(", ")}`
        : conceal
          ? hidden
          : shown(at),
    allowed: setting.allowed,
    mend: setCommand(key, setting, options),
  };
}

function setCommand(key: string, setting: Setting, { stack }: ReadOptions): string {
  return setting.secret
    ? setConfigCommand(key, { stack, secret: true })
    : setConfigCommand(key, { stack, value: `'${setting.sample}'` });
}

const knownKeys: readonly string[] = [
  ...Object.entries(tables).flatMap(([namespace, table]) =>
    Object.keys(table).map((name) => `${namespace}:${name}`),
  ),
  ...Object.keys(otherAzureKeys).map((name) => `azure-native:${name}`),
];

/** Keys that no setting has: misspelled ones and those of a misspelled or foreign namespace. */
export function unknownKeyFaults(raw: RawConfig, stack: string): readonly SettingFault[] {
  return Object.keys(raw.values)
    .filter((key) => !foreignNamespaces.has(key.split(":", 1)[0]!))
    .flatMap((key) => unknownKey(key, raw, stack) ?? []);
}

function unknownKey(key: string, raw: RawConfig, stack: string): SettingFault | undefined {
  const separator = key.indexOf(":");
  const [namespace, name] = [key.slice(0, separator), key.slice(separator + 1)];
  const encrypted = raw.secretKeys.has(key);
  if (namespace === "azure-native" && name in otherAzureKeys) {
    if (!otherAzureKeys[name] || encrypted) return undefined;
    return {
      key,
      received: "a value in clear, not shown",
      allowed: "an encrypted value",
      mend: `${setConfigCommand(key, { stack, secret: true })}; it was readable in the file, so change it where it came from`,
    };
  }
  const table = tables[namespace];
  if (table && name in table) return undefined;
  const meant = knownKeys.find((known) => known.endsWith(`:${name}`)) ?? likely(key, knownKeys);
  // A misspelled secret is still one: nothing unknown is shown.
  return {
    key,
    received: table
      ? "an unknown key; its value is not shown"
      : `an unknown namespace, ${JSON.stringify(namespace)}`,
    allowed: table
      ? Object.keys(table)
          .map((known) => `${namespace}:${known}`)
          .join(", ")
      : Object.keys(tables).join(", "),
    mend: meant ? `did you mean ${meant}?` : `remove it: pulumi config rm ${key} --stack ${stack}`,
  };
}
