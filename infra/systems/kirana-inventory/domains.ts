import type * as pulumi from "@pulumi/pulumi";
import { type DnsRecord, DnsRecords } from "../../azure/dns-records";
import { SiteDomain } from "../../azure/site-domain";
import type { SlotApp } from "../../azure/slot-app";
import type { WebFrontend } from "../../azure/web-frontend";
import type { Placement } from "../../placement";
import type { KiranaSettings } from "../../settings";
import { azureHosts, type Domains } from "./hosts";
import type { KiranaNames } from "./names";

export interface DomainsArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: KiranaNames;
  readonly settings: KiranaSettings;
  readonly domains: Domains;
  readonly backend: SlotApp;
  readonly frontend: WebFrontend;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
}

export interface DeclaredDomains {
  /** Records that must exist; who owns the zone makes them when the stack does not. */
  readonly records: readonly DnsRecord[];
  /** Of the stack's own zone, for the registrar. */
  readonly nameServers: pulumi.Output<string[]> | undefined;
  readonly apiCertificateThumbprint: pulumi.Output<string>;
}

/** Records, host bindings and certificates of api. and app. (KIR-037, KIR-038, KIR-091). */
export function declareDomains(args: DomainsArgs): DeclaredDomains {
  const { name, placement, names, settings, domains, backend, frontend, parent } = args;
  const verificationId = backend.site.customDomainVerificationId.apply((id) => {
    if (id === undefined) throw new Error("Azure gave the site no domain verification id");
    return id;
  });
  const records: readonly DnsRecord[] = [
    { host: domains.api, type: "CNAME", value: azureHosts(names).site },
    { host: `asuid.${domains.api}`, type: "TXT", value: verificationId },
    { host: domains.app, type: "CNAME", value: frontend.site.defaultHostname },
  ];
  const zone =
    settings.dnsZoneManagedBy === "stack"
      ? new DnsRecords(
          `${name}-dns`,
          { ...placement, zoneName: domains.zone, records },
          { parent, dependsOn: [args.group] },
        )
      : undefined;
  const recordSets = zone?.recordSets ?? [];
  const api = new SiteDomain(
    `${name}-api-domain`,
    {
      ...placement,
      siteName: names.functionApp,
      hostName: domains.api,
      planId: backend.planId,
      certificateName: names.certificate,
      certificateThumbprint: settings.apiCertificateThumbprint,
    },
    { parent, dependsOn: [backend.site, ...recordSets] },
  );
  frontend.bindDomain(domains.app, recordSets);
  return { records, nameServers: zone?.nameServers, apiCertificateThumbprint: api.thumbprint };
}
