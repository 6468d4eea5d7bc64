import { Policy } from "@pulumi/azure-native/frontdoor/policy";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";

export interface EdgeFirewallArgs extends Placement {
  /** Letters and digits. */
  readonly policyName: string;
  /** From one address; more are refused until the minute is over. */
  readonly requestsPerMinute: number;
  /**
   * Path prefixes whose requests are counted.
   * @default - every request is
   */
  readonly countedPaths?: readonly string[];
  /** Addresses that are not counted: load and acceptance tests, CIDR. */
  readonly uncountedRanges: readonly string[];
  /** Path prefixes that nobody may ask for from outside, such as `/metrics`. */
  readonly blockedPaths: readonly string[];
  /**
   * What only the given addresses may ask for: everything of a host, or paths of all hosts.
   * @default - nothing is restricted
   */
  readonly restricted?: {
    readonly hosts: readonly string[];
    readonly pathPrefixes: readonly string[];
    /** CIDR; without any, nobody comes through. */
    readonly allowedRanges: readonly string[];
  };
  /** Whether a request is refused or only logged. */
  readonly mode: "Prevention" | "Detection";
}

/** Of Azure's own (Microsoft Learn, "DRS rule groups and rules"). */
const managedRuleSets = [
  { ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1", ruleSetAction: "Block" },
  { ruleSetType: "Microsoft_BotManagerRuleSet", ruleSetVersion: "1.1" },
];

/** A rule needs a condition; this one is true of every request. */
const anybody = ["0.0.0.0/0", "::/0"];

interface Condition {
  readonly matchVariable: "SocketAddr" | "RequestUri" | "RequestHeader";
  readonly operator: "IPMatch" | "BeginsWith" | "Equal" | "RegEx";
  readonly matchValue: string[];
  readonly negateCondition?: boolean;
  readonly selector?: string;
  readonly transforms?: ("Lowercase" | "UrlDecode")[];
}

/** The firewall of a site: what is blocked, who is let through, how often one address may ask. */
export class EdgeFirewall extends pulumi.ComponentResource {
  readonly policyId: string;
  readonly policy: Policy;

  constructor(name: string, args: EdgeFirewallArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:EdgeFirewall", name, {}, options);
    this.policyId = armId(args, "Microsoft.Network/frontDoorWebApplicationFirewallPolicies", args.policyName);
    this.policy = new Policy(
      `${name}-policy`,
      {
        resourceGroupName: args.resourceGroupName,
        location: "Global",
        policyName: args.policyName,
        sku: { name: "Premium_AzureFrontDoor" },
        policySettings: { enabledState: "Enabled", mode: args.mode, requestBodyCheck: "Enabled" },
        managedRules: { managedRuleSets },
        customRules: { rules: customRules(args) },
        tags: args.tags,
      },
      childOf(this),
    );
    this.registerOutputs({ policyId: this.policyId });
  }
}

/** In the order of their priorities: the first that decides ends the evaluation. */
export function customRules(args: EdgeFirewallArgs) {
  const { restricted } = args;
  const outside = restricted && addressNotIn(restricted.allowedRanges);
  return [
    ...(args.blockedPaths.length === 0 ? [] : [block("BlockedPaths", 10, [pathBegins(args.blockedPaths)])]),
    ...(outside && restricted.hosts.length > 0
      ? [block("RestrictedHosts", 20, [hostIs(restricted.hosts), ...outside])]
      : []),
    ...(outside && restricted.pathPrefixes.length > 0
      ? [block("RestrictedPaths", 30, [pathBegins(restricted.pathPrefixes), ...outside])]
      : []),
    {
      ...block("RateLimit", 100, [
        args.uncountedRanges.length === 0
          ? { matchVariable: "SocketAddr", operator: "IPMatch", matchValue: anybody }
          : addresses(args.uncountedRanges, true),
        ...(args.countedPaths === undefined ? [] : [pathBegins(args.countedPaths)]),
      ]),
      ruleType: "RateLimitRule" as const,
      rateLimitDurationInMinutes: 1,
      rateLimitThreshold: args.requestsPerMinute,
    },
  ];
}

function block(name: string, priority: number, matchConditions: readonly Condition[]) {
  return {
    name,
    priority,
    enabledState: "Enabled" as const,
    ruleType: "MatchRule" as const,
    action: "Block" as const,
    matchConditions: [...matchConditions],
  };
}

function addresses(ranges: readonly string[], negateCondition: boolean): Condition {
  return { matchVariable: "SocketAddr", operator: "IPMatch", matchValue: [...ranges], negateCondition };
}

/** No condition at all when there is no range: then nobody is inside. */
function addressNotIn(ranges: readonly string[]): readonly Condition[] {
  return ranges.length === 0 ? [] : [addresses(ranges, true)];
}

function hostIs(hosts: readonly string[]): Condition {
  return {
    matchVariable: "RequestHeader",
    selector: "Host",
    operator: "Equal",
    matchValue: [...hosts],
    transforms: ["Lowercase"],
  };
}

/** Front Door's RequestUri is the whole address: `https://host:443/path?query`. */
function pathBegins(prefixes: readonly string[]): Condition {
  const escaped = prefixes.map((prefix) => prefix.toLowerCase().replace(/[.*+?^$()|[\]\\{}]/g, "\\$&"));
  return {
    matchVariable: "RequestUri",
    operator: "RegEx",
    matchValue: [`^https?://[^/]+(?:${escaped.join("|")})(?:[/?;]|$)`],
    transforms: ["Lowercase", "UrlDecode"],
  };
}
