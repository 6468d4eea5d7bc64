import { Rule } from "@pulumi/azure-native/cdn/rule";
import { RuleSet } from "@pulumi/azure-native/cdn/ruleSet";
import type * as pulumi from "@pulumi/pulumi";
import { childOf } from "./component";

export interface HeaderRulesArgs {
  readonly resourceGroupName: string;
  readonly profileName: string;
  /** Letters and digits. */
  readonly ruleSetName: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What browsers are told by every site: no other scheme, no guessing of types, no framing, no referrer elsewhere. */
export const securityHeaders = {
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "strict-origin-when-cross-origin",
} as const;

/** Actions that Front Door takes in one rule (Microsoft Learn, "Azure Front Door limits"). */
const actionsPerRule = 5;

/** Rules that set headers on every answer. */
export function declareHeaderRules(
  name: string,
  { headers, ...within }: HeaderRulesArgs,
  parent: pulumi.Resource,
): readonly pulumi.Resource[] {
  const set = new RuleSet(`${name}-headers`, within, childOf(parent));
  const rules: Rule[] = [];
  const entries = Object.entries(headers);
  for (let first = 0; first < entries.length; first += actionsPerRule) {
    const order = rules.length + 1;
    rules.push(
      new Rule(
        `${name}-headers-${order}`,
        {
          ...within,
          ruleName: `headers${order}`,
          order,
          matchProcessingBehavior: "Continue",
          actions: entries.slice(first, first + actionsPerRule).map(([headerName, value]) => ({
            name: "ModifyResponseHeader",
            parameters: {
              typeName: "DeliveryRuleHeaderActionParameters",
              headerAction: "Overwrite",
              headerName,
              value,
            },
          })),
        },
        childOf(parent, [set, ...rules.slice(-1)]),
      ),
    );
  }
  return [set, ...rules];
}
