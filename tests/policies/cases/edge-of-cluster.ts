import type { RuleCases } from "../support/rule-cases";

const stack = "retail-agentic";
const firewall = "retail-agentic-edge-firewall-policy";
const storeFirewall = "kirana-store-edge-firewall-policy";
const rules = "customRules/rules";
const origin = "retail-agentic-edge-origin";
const route = "retail-agentic-edge-route";
const headers = "retail-agentic-edge-headers-1";
/** An exclusion of the firewall by which no argument of a request is looked at. */
const everyArgument = {
  matchVariable: "QueryStringArgNames",
  selectorMatchOperator: "EqualsAny",
  selector: "*",
};
const nobody = { keepOnly: [], gives: "notApplicable" } as const;
const onlyComponents = {
  keepOnly: ["switchyard:systems:Platform platform"],
  gives: "notApplicable",
} as const;

/** Rules on the edge of the systems on the cluster. */
export const edgeOfClusterCases: readonly RuleCases[] = [
  {
    rule: "edge-firewall-on",
    stack,
    on: firewall,
    broken: [
      { at: firewall, set: "policySettings/mode", to: "Detection" },
      { at: firewall, set: "policySettings/enabledState", to: "Disabled" },
      { at: firewall, drop: "policySettings/requestBodyCheck" },
      { at: firewall, set: "sku/name", to: "Standard_AzureFrontDoor" },
      { at: firewall, set: "managedRules/managedRuleSets", to: [] },
      { at: firewall, set: "managedRules/managedRuleSets/0/ruleSetAction", to: "Log" },
      {
        at: firewall,
        set: "managedRules/managedRuleSets/0/ruleGroupOverrides",
        to: [{ ruleGroupName: "SQLI", rules: [{ ruleId: "942100", enabledState: "Disabled" }] }],
      },
      ...[{}, { enabledState: "Enabled", action: "Log" }, { enabledState: "Enabled", action: "Allow" }].map(
        (override) => ({
          at: firewall,
          set: "managedRules/managedRuleSets/0/ruleGroupOverrides",
          to: [{ ruleGroupName: "SQLI", rules: [{ ruleId: "942100", ...override }] }],
        }),
      ),
      {
        at: firewall,
        set: "managedRules/managedRuleSets/1/ruleGroupOverrides",
        to: [{ ruleGroupName: "BadBots", rules: [{ ruleId: "Bot100200", enabledState: "Disabled" }] }],
      },
      { at: firewall, set: "managedRules/managedRuleSets/0/exclusions", to: [everyArgument] },
      { at: firewall, set: "managedRules/managedRuleSets/1/exclusions", to: [everyArgument] },
      {
        at: firewall,
        set: "managedRules/managedRuleSets/0/ruleGroupOverrides",
        to: [{ ruleGroupName: "SQLI", exclusions: [everyArgument] }],
      },
      {
        at: firewall,
        set: "managedRules/managedRuleSets/0/ruleGroupOverrides",
        to: [
          {
            ruleGroupName: "SQLI",
            rules: [
              {
                ruleId: "942100",
                enabledState: "Enabled",
                action: "AnomalyScoring",
                exclusions: [everyArgument],
              },
            ],
          },
        ],
      },
      {
        at: firewall,
        set: `${rules}/2`,
        to: { name: "Friends", priority: 1, ruleType: "MatchRule", action: "Allow", matchConditions: [] },
      },
    ],
    absent: { at: firewall, drop: "managedRules" },
    unknown: { at: firewall, path: "policySettings/mode" },
  },
  {
    rule: "edge-rate-limit",
    stack,
    broken: [
      { at: firewall, set: `${rules}/1/rateLimitThreshold`, to: 1000 },
      { at: firewall, set: `${rules}/1/enabledState`, to: "Disabled" },
      { at: firewall, set: `${rules}/1/action`, to: "Log" },
      { at: firewall, set: `${rules}/1/matchConditions/0/matchValue`, to: ["192.0.2.0/24"] },
      {
        at: firewall,
        set: `${rules}/1/matchConditions/0`,
        to: {
          matchVariable: "SocketAddr",
          operator: "IPMatch",
          negateCondition: true,
          matchValue: ["0.0.0.0/0"],
        },
      },
      {
        at: firewall,
        set: `${rules}/1/matchConditions/1`,
        to: { matchVariable: "RequestUri", operator: "Contains", matchValue: ["/api"] },
      },
    ],
    absent: { at: firewall, drop: `${rules}/1/rateLimitThreshold` },
    unknown: { at: firewall, path: `${rules}/1/rateLimitThreshold` },
  },
  {
    rule: "edge-rate-limit",
    stack: "kirana-store",
    broken: [
      { at: storeFirewall, set: `${rules}/2/rateLimitThreshold`, to: 1000 },
      { at: storeFirewall, set: `${rules}/2/enabledState`, to: "Disabled" },
      { at: storeFirewall, set: `${rules}/2/matchConditions/1/transforms`, to: [] },
      { at: storeFirewall, set: `${rules}/2/matchConditions/1/negateCondition`, to: true },
      {
        at: storeFirewall,
        set: `${rules}/2/matchConditions/1/matchValue`,
        to: ["^https?://[^/]+/api/orders(?:[/?;]|$)"],
      },
    ],
    absent: { at: storeFirewall, drop: `${rules}/2/rateLimitThreshold` },
    unknown: { at: storeFirewall, path: `${rules}/2/rateLimitThreshold` },
  },
  {
    rule: "edge-blocked-paths",
    stack,
    broken: [
      { at: firewall, set: `${rules}/0/enabledState`, to: "Disabled" },
      { at: firewall, set: `${rules}/0/action`, to: "Log" },
      { at: firewall, set: `${rules}/0/matchConditions/0/transforms`, to: ["UrlDecode"] },
      { at: firewall, set: `${rules}/0/matchConditions/0/transforms`, to: ["Lowercase"] },
      { at: firewall, set: `${rules}/0/matchConditions/0/matchValue`, to: ["^https?://[^/]+/actuator$"] },
      { at: firewall, set: `${rules}/0/matchConditions/0/negateCondition`, to: true },
      {
        at: firewall,
        set: `${rules}/0/matchConditions/1`,
        to: {
          matchVariable: "SocketAddr",
          operator: "IPMatch",
          negateCondition: true,
          matchValue: ["192.0.2.1"],
        },
      },
    ],
    absent: { at: firewall, drop: `${rules}/0/matchConditions/0/matchVariable` },
    unknown: { at: firewall, path: `${rules}/0/matchConditions/0/matchValue` },
  },
  {
    rule: "edge-blocked-paths",
    stack: "kirana-store",
    broken: [
      { at: "kirana-store-edge-firewall-policy", set: `${rules}/0/enabledState`, to: "Disabled" },
      { at: "kirana-store-edge-firewall-policy", set: `${rules}/1/enabledState`, to: "Disabled" },
    ],
    absent: nobody,
    unknown: { at: "kirana-store-edge-firewall-policy", path: `${rules}/0/matchConditions/0/matchValue` },
  },
  {
    rule: "edge-firewall-bound",
    stack,
    broken: [
      { remove: ["retail-agentic-edge-security"] },
      {
        at: "retail-agentic-edge-security",
        set: "parameters/associations/0/patternsToMatch",
        to: ["/api/*"],
      },
      { at: "retail-agentic-edge-security", set: "parameters/associations/0/domains", to: [] },
      { at: "retail-agentic-edge-security", set: "parameters/wafPolicy/id", to: "/subscriptions/x/other" },
    ],
    absent: { at: "retail-agentic-edge-security", drop: "parameters" },
    unknown: { at: "retail-agentic-edge-security", path: "parameters/wafPolicy/id" },
  },
  {
    rule: "edge-origin-private",
    stack,
    on: origin,
    broken: [
      { at: origin, drop: "sharedPrivateLinkResource" },
      {
        at: origin,
        set: "sharedPrivateLinkResource/privateLink/id",
        to: "/subscriptions/x/resourceGroups/y",
      },
      { at: origin, set: "enforceCertificateNameCheck", to: false },
    ],
    absent: { at: origin, drop: "sharedPrivateLinkResource" },
    unknown: { at: origin, path: "sharedPrivateLinkResource/privateLink/id" },
  },
  {
    rule: "edge-domain-tls",
    stack,
    on: "retail-agentic-edge-domain-api",
    broken: [
      { at: "retail-agentic-edge-domain-api", set: "tlsSettings/minimumTlsVersion", to: "TLS10" },
      { at: "retail-agentic-edge-domain-admin", drop: "tlsSettings/certificateType" },
    ],
    absent: { at: "retail-agentic-edge-domain-api", drop: "tlsSettings" },
    unknown: { at: "retail-agentic-edge-domain-api", path: "tlsSettings/minimumTlsVersion" },
  },
  {
    rule: "edge-security-headers",
    stack,
    broken: [
      { remove: [headers] },
      { at: route, set: "ruleSets", to: [] },
      { at: headers, set: "actions/0/parameters/value", to: "max-age=60" },
      { at: headers, set: "actions/1/parameters/headerName", to: "X-Other" },
      { at: headers, set: "actions/2/parameters/headerAction", to: "Delete" },
      { at: headers, set: "conditions", to: [{ name: "RequestMethod" }] },
    ],
    absent: { at: headers, drop: "ruleSetName" },
    unknown: { at: headers, path: "actions/0/parameters/value" },
  },
  {
    rule: "edge-security-headers",
    stack: "kirana-store",
    broken: [{ at: "kirana-store-edge-headers-1", set: "actions/4/parameters/value", to: "default-src *" }],
    absent: nobody,
    unknown: { at: "kirana-store-edge-headers-1", path: "actions/4/parameters/value" },
  },
  {
    rule: "edge-https-only",
    stack,
    on: route,
    broken: [{ at: route, set: "httpsRedirect", to: "Disabled" }],
    absent: onlyComponents,
    unknown: { at: route, path: "httpsRedirect" },
  },
];
