import type { Environment } from "../runbooks/model";
import { stableHex } from "./hash";
import type { StackSettings } from "./settings";

/** What Azure accepts as a name (Microsoft Learn, "Naming rules and restrictions for Azure resources"). */
export interface NameRule {
  readonly minimumLength: number;
  readonly maximumLength: number;
  readonly pattern: RegExp;
  /** The rule in words, for messages. */
  readonly says: string;
  /** Characters that the name may not hold are dropped by this before the pattern is asked. */
  readonly dropped: RegExp;
}

const hyphenated = /[^A-Za-z0-9-]/g;

function rule(
  minimumLength: number,
  maximumLength: number,
  pattern: RegExp,
  says: string,
  dropped = hyphenated,
) {
  return { minimumLength, maximumLength, pattern, says, dropped } as const satisfies NameRule;
}

const lettersDigitsHyphens = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;

export const nameRules = {
  resourceGroup: rule(
    1,
    90,
    /^[\w().-]*[\w()-]$/,
    "letters, digits, . _ ( ) and hyphens, no full stop at the end",
    /[^\w().-]/g,
  ),
  workspace: rule(4, 63, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  applicationInsights: rule(1, 260, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  cosmosAccount: rule(
    3,
    44,
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    "lower-case letters, digits and hyphens",
    /[^a-z0-9-]/g,
  ),
  vault: rule(
    3,
    24,
    /^[A-Za-z](?!.*--)[A-Za-z0-9-]*[A-Za-z0-9]$/,
    "letters, digits and single hyphens, a letter first, no hyphen at the end",
  ),
  storageAccount: rule(3, 24, /^[a-z0-9]+$/, "lower-case letters and digits", /[^a-z0-9]/g),
  plan: rule(1, 60, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  /**
   * The Functions host cuts its id after 32 characters, and two hosts with the same id on one storage account disturb
   * each other (Microsoft Learn, "Host ID considerations"): 24 leaves room for a slot's name of 7 and the hyphen.
   */
  functionApp: rule(2, 24, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  /** The host of a slot, `<app>-<slot>`, is cut after 59 characters: 51 leave room for a slot's name of 7. */
  webApp: rule(2, 51, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  slot: rule(2, 7, /^[a-z0-9]+$/, "lower-case letters and digits", /[^a-z0-9]/g),
  staticSite: rule(2, 40, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  virtualNetwork: rule(2, 64, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  subnet: rule(1, 80, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  actionGroup: rule(1, 260, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  alertRule: rule(1, 260, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  webTest: rule(1, 260, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  workflow: rule(1, 43, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  budget: rule(1, 63, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  certificate: rule(1, 260, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  edgeProfile: rule(1, 90, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  edgeEndpoint: rule(2, 46, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  cluster: rule(1, 63, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  registry: rule(5, 50, /^[a-z0-9]+$/, "lower-case letters and digits", /[^a-z0-9]/g),
  monitorWorkspace: rule(4, 44, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  dataCollection: rule(3, 44, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  grafana: rule(
    2,
    23,
    /^[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/,
    "letters, digits and hyphens, a letter first, no hyphen at the end",
  ),
  identity: rule(3, 128, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  networkSecurityGroup: rule(1, 80, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  privateEndpoint: rule(2, 64, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  privateLink: rule(1, 80, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  postgresServer: rule(
    3,
    63,
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    "lower-case letters, digits and hyphens, none at the ends",
    /[^a-z0-9-]/g,
  ),
  sqlServer: rule(
    1,
    63,
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    "lower-case letters, digits and hyphens, none at the ends",
    /[^a-z0-9-]/g,
  ),
  sqlDatabase: rule(1, 128, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  autoscale: rule(1, 260, lettersDigitsHyphens, "letters, digits and hyphens, none at the ends"),
  mongoCluster: rule(
    3,
    40,
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    "lower-case letters, digits and single hyphens, none at the ends",
    /[^a-z0-9-]/g,
  ),
  redisCache: rule(
    1,
    60,
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    "lower-case letters, digits and single hyphens, none at the ends",
    /[^a-z0-9-]/g,
  ),
  containerEnvironment: rule(
    2,
    60,
    /^[a-z](?:[a-z0-9]|-(?!-))*[a-z0-9]$/,
    "lower-case letters, digits and single hyphens, a letter first, no hyphen at the end",
    /[^a-z0-9-]/g,
  ),
  containerJob: rule(
    2,
    32,
    /^[a-z](?:[a-z0-9]|-(?!-))*[a-z0-9]$/,
    "lower-case letters, digits and single hyphens, a letter first, no hyphen at the end",
    /[^a-z0-9-]/g,
  ),
  firewallPolicy: rule(
    1,
    128,
    /^[A-Za-z][A-Za-z0-9]*$/,
    "letters and digits, a letter first",
    /[^A-Za-z0-9]/g,
  ),
} as const satisfies Record<string, NameRule>;

export type NamedKind = keyof typeof nameRules;

/** Where a name is used: the parts of it that differ from stack to stack. */
export interface NameScope {
  readonly environment: Environment;
  /** What follows the environment in the stack's name: `blue` in `production-blue`. */
  readonly suffix?: string | undefined;
  readonly subscriptionId: string;
}

/** The scope of a stack's names. */
export function nameScopeOf({ stack, azure }: StackSettings): NameScope {
  return { environment: stack.environment, suffix: stack.suffix, subscriptionId: azure.subscriptionId };
}

const hashLength = 6;
const globalHashLength = 8;
/** `-prod` or `-production` as a word of its own (conflicts 22). */
const productionMark = /-prod(?:uction)?(?=-|$)/;

/** Why Azure would refuse a name; undefined when it would not. */
export function nameFault(kind: NamedKind, name: string): string | undefined {
  const { minimumLength, maximumLength, pattern, says } = nameRules[kind];
  if (name.length < minimumLength || name.length > maximumLength) {
    return `${kind} name "${name}" has ${name.length} characters; allowed: ${minimumLength} to ${maximumLength}`;
  }
  return pattern.test(name) ? undefined : `${kind} name "${name}" is not allowed; allowed: ${says}`;
}

/**
 * A runbook's name in this scope. Production uses it as written; elsewhere `-prod` or `-production` becomes the
 * environment, and a name without such a word gets it at the end (conflicts 22). A stack's suffix follows, so that
 * names that stay reserved after a deletion (vaults) differ from stack to stack.
 *
 * @returns A name within Azure's rule: one that would be too long is cut and ends in digits that tell it apart.
 * @throws Error when the runbook's own name breaks the rule: it would not be the name as written.
 */
export function runbookName(kind: NamedKind, written: string, scope: NameScope): string {
  if (scope.environment === "production" && !scope.suffix) return checked(kind, written);
  const inEnvironment =
    scope.environment === "production"
      ? written
      : productionMark.test(written)
        ? written.replace(productionMark, `-${scope.environment}`)
        : `${written}-${scope.environment}`;
  return fitted(kind, scope.suffix ? `${inEnvironment}-${scope.suffix}` : inEnvironment);
}

const shortEnvironment: Readonly<Record<Environment, string>> = {
  dev: "dev",
  staging: "staging",
  production: "prod",
};

/** A name for what the runbook does not name: `kirana-plan-prod`. Unique within the resource group only. */
export function localName(kind: NamedKind, base: string, scope: NameScope): string {
  return fitted(kind, [base, shortEnvironment[scope.environment], scope.suffix].filter(Boolean).join("-"));
}

/** A name that nobody else in Azure is likely to have: the hash of the subscription tells it apart. */
export function globalName(kind: NamedKind, base: string, scope: NameScope): string {
  const hash = stableHex(globalHashLength, scope.subscriptionId, scope.environment, scope.suffix ?? "", base);
  const readable = clean(kind, `${base}-${shortEnvironment[scope.environment]}`);
  const room = nameRules[kind].maximumLength - globalHashLength - 1;
  return checked(kind, clean(kind, `${trimmed(readable.slice(0, room))}-${hash}`));
}

/** Names what a system has in a Front Door profile that it shares with others: lower-case letters and digits. */
export function edgeSiteName(base: string, { environment, suffix = "" }: NameScope): string {
  return `${base}${environment}${suffix}`.replace(/[^a-z0-9]/g, "");
}

function fitted(kind: NamedKind, name: string): string {
  const cleaned = clean(kind, name);
  const { maximumLength } = nameRules[kind];
  if (cleaned.length <= maximumLength) return checked(kind, cleaned);
  const hash = stableHex(hashLength, name);
  return checked(kind, clean(kind, `${trimmed(cleaned.slice(0, maximumLength - hashLength - 1))}-${hash}`));
}

function clean(kind: NamedKind, name: string): string {
  return trimmed(name.replace(nameRules[kind].dropped, "").replace(/-{2,}/g, "-"));
}

function trimmed(name: string): string {
  return name.replace(/^-+|-+$/g, "");
}

function checked(kind: NamedKind, name: string): string {
  const fault = nameFault(kind, name);
  if (fault) throw new Error(fault);
  return name;
}
