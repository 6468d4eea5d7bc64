import { Rule } from "@pulumi/azure-native/cdn/rule";
import { RuleSet } from "@pulumi/azure-native/cdn/ruleSet";
import type * as pulumi from "@pulumi/pulumi";
import { childOf } from "./component";

export interface StaticFileRulesArgs {
  readonly resourceGroupName: string;
  readonly profileName: string;
  /** Letters and digits. */
  readonly ruleSetName: string;
  /** Hosts whose files the edge keeps; never an API's. */
  readonly hosts: readonly string[];
}

/**
 * What the build of a web app makes beside its pages: the same for everybody. No pictures, which a page may show to one
 * person alone: the edge does not look at cookies.
 */
const fileExtensions = ["css", "ico", "js", "mjs", "otf", "svg", "ttf", "woff", "woff2"];
/**
 * For files of which the app says nothing: short, as such a file may have the same name in the version that a release
 * switches to. What the app says wins, also that a file is not to be kept.
 */
const unsaidDuration = "00:01:00";

/** Has the edge keep what web apps are built of, each host's apart. Everything else goes through to the origin. */
export function declareStaticFileRules(
  name: string,
  { hosts, ...within }: StaticFileRulesArgs,
  parent: pulumi.Resource,
): readonly pulumi.Resource[] {
  const set = new RuleSet(`${name}-files`, within, childOf(parent));
  const rule = new Rule(
    `${name}-files-kept`,
    {
      ...within,
      ruleName: "kept",
      order: 1,
      matchProcessingBehavior: "Continue",
      conditions: [
        {
          name: "HostName",
          parameters: {
            typeName: "DeliveryRuleHostNameConditionParameters",
            operator: "Equal",
            matchValues: [...hosts],
            transforms: ["Lowercase"],
          },
        },
        {
          name: "UrlFileExtension",
          parameters: {
            typeName: "DeliveryRuleUrlFileExtensionMatchConditionParameters",
            operator: "Equal",
            matchValues: fileExtensions,
            transforms: ["Lowercase"],
          },
        },
      ],
      actions: [
        {
          name: "RouteConfigurationOverride",
          parameters: {
            typeName: "DeliveryRuleRouteConfigurationOverrideActionParameters",
            cacheConfiguration: {
              cacheBehavior: "OverrideIfOriginMissing",
              cacheDuration: unsaidDuration,
              queryStringCachingBehavior: "UseQueryString",
              isCompressionEnabled: "Enabled",
            },
          },
        },
      ],
    },
    childOf(parent, [set]),
  );
  return [set, rule];
}
