import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { listAt, optional, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import type { SystemView } from "../../stack-view";
import { systemRule } from "../../system-rule";
import { kirana } from "../../systems";
import { type Finding, judged, notApplicable, violation } from "../../verdict";

export const domainsBound = systemRule({
  name: "domains-bound",
  topic: "edge",
  displayName: "The public names are bound and have certificates",
  description:
    "In production the runbook's names are bound to the API and the web app, and have a certificate.",
  severity: "high",
  ids: ["KIR-008", "KIR-037", "KIR-038", "KIR-091"],
  conflicts: [32],
  framework: benchmark("DP-3"),
  remediationSteps:
    "Declare WebAppHostNameBinding and Certificate for the API's name, StaticSiteCustomDomain for the app's.",
  system: kirana,
  evaluate(system, stack) {
    if (stack.environment !== "production") return notApplicable("asked for in production only");
    const { api, app } = system.contract.domains;
    return judged([...apiFindings(system, api), ...appFindings(system, app)]);
  },
});

function apiFindings(system: SystemView, host: string): readonly Finding[] {
  const findings: Finding[] = [];
  if (!system.ofType(azure.hostNameBinding).some((binding) => requiredText(binding, "hostName") === host)) {
    findings.push(violation(system.urn, `no host name binding is declared for ${host}`));
  }
  if (!system.ofType(azure.certificate).some((certificate) => isFor(certificate, host))) {
    findings.push(violation(system.urn, `no certificate is declared for ${host}`));
  }
  return findings;
}

/** Static Web Apps brings the certificate of a bound name itself. */
function appFindings(system: SystemView, host: string): readonly Finding[] {
  const bound = system
    .ofType(azure.staticSiteDomain)
    .some((domain) => requiredText(domain, "domainName") === host);
  return bound ? [] : [violation(system.urn, `no custom domain of the web app is declared for ${host}`)];
}

function isFor(certificate: DeclaredResource, host: string): boolean {
  return optional(certificate, "canonicalName") === host || listAt(certificate, "hostNames").includes(host);
}
