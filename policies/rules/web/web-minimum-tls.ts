import { appFactsOf } from "../../app-systems";
import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { type Expectation, propertyRule } from "../../property-rule";

function versionAtLeast(minimum: string): Expectation {
  return {
    says: `${JSON.stringify(minimum)} or newer`,
    holds: (value) => typeof value === "string" && /^\d\.\d$/.test(value) && Number(value) >= Number(minimum),
  };
}

export const webMinimumTls = propertyRule({
  name: "web-minimum-tls",
  topic: "web",
  displayName: "A site refuses old TLS versions",
  description: "A site and its deployment endpoint accept no TLS version below the contract's.",
  severity: "high",
  ids: ["KIR-037"],
  framework: benchmark("DP-3"),
  remediationSteps:
    "Declare siteConfig.minTlsVersion and siteConfig.scmMinTlsVersion as 1.2 on the site and on the slot.",
  types: [azure.site, azure.slot],
  properties: (site) => {
    const expected = versionAtLeast(appFactsOf(site).minimumTlsVersion);
    return [
      { path: "siteConfig.minTlsVersion", expected },
      { path: "siteConfig.scmMinTlsVersion", expected },
    ];
  },
});
