import type * as pulumi from "@pulumi/pulumi";
import { type DnsRecord, DnsRecords } from "../../azure/dns-records";
import { SiteDomain } from "../../azure/site-domain";
import type { SlotApp } from "../../azure/slot-app";
import type { WebFrontend } from "../../azure/web-frontend";
import type { KiranaSettings } from "../../config/kirana-settings";
import type { Placement } from "../../placement";
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
  readonly apiCertificateThumbprint: pulumi.Output<string> | undefined;
}

/** Records, host bindings and certificates of api. and app. (KIR-037, KIR-038, KIR-091). */
export function declareDomains(args: DomainsArgs): DeclaredDomains {
  const { name, placement, domains, frontend, parent } = args;
  const records = recordsOf(args);
  const zone =
    domains.zone === undefined
      ? undefined
      : new DnsRecords(
          `${name}-dns`,
          { ...placement, zoneName: domains.zone, records },
          { parent, dependsOn: [args.group] },
        );
  const recordSets = zone?.recordSets ?? [];
  frontend.bindDomain(domains.app, recordSets);
  return {
    records,
    nameServers: zone?.nameServers,
    apiCertificateThumbprint: bindApi(args, recordSets),
  };
}

function recordsOf({ names, domains, backend, frontend }: DomainsArgs): readonly DnsRecord[] {
  const app: DnsRecord = { host: domains.app, type: "CNAME", value: frontend.site.defaultHostname };
  if (domains.api === undefined) return [app];
  const verificationId = backend.site.customDomainVerificationId.apply((id) => {
    if (id === undefined) throw new Error("Azure gave the site no domain verification id");
    return id;
  });
  return [
    { host: domains.api, type: "CNAME", value: azureHosts(names).site },
    { host: `asuid.${domains.api}`, type: "TXT", value: verificationId },
    app,
  ];
}

function bindApi(
  { name, placement, names, settings, domains, backend, parent }: DomainsArgs,
  recordSets: readonly pulumi.Resource[],
): pulumi.Output<string> | undefined {
  if (domains.api === undefined) return undefined;
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
  return api.thumbprint;
}
