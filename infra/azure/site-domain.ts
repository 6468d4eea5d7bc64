import { Certificate } from "@pulumi/azure-native/web/certificate";
import { WebAppHostNameBinding } from "@pulumi/azure-native/web/webAppHostNameBinding";
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../placement";
import { childOf } from "./component";

export interface SiteDomainArgs extends Placement {
  readonly siteName: string;
  readonly hostName: string;
  readonly planId: string;
  readonly certificateName: string;
  /**
   * The managed certificate's thumbprint, once there is one.
   * @default - the host is bound without TLS, as Azure demands before it issues the certificate
   */
  readonly certificateThumbprint?: string | undefined;
}

/**
 * A host name of a site and its managed certificate. Azure issues the certificate only for a bound host, and a binding
 * can only name a certificate that exists: the thumbprint comes back as a setting (docs/adr/0043).
 */
export class SiteDomain extends pulumi.ComponentResource {
  readonly thumbprint: pulumi.Output<string>;

  constructor(name: string, args: SiteDomainArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:SiteDomain", name, {}, options);
    const { resourceGroupName, siteName, hostName, certificateThumbprint } = args;
    const binding = new WebAppHostNameBinding(
      `${name}-binding`,
      {
        resourceGroupName,
        name: siteName,
        siteName,
        hostName,
        hostNameType: "Verified",
        customHostNameDnsRecordType: "CName",
        ...(certificateThumbprint
          ? { sslState: "SniEnabled", thumbprint: certificateThumbprint }
          : { sslState: "Disabled" }),
      },
      childOf(this),
    );
    const certificate = new Certificate(
      `${name}-certificate`,
      {
        resourceGroupName,
        location: args.location,
        name: args.certificateName,
        canonicalName: hostName,
        serverFarmId: args.planId,
        tags: args.tags,
      },
      childOf(this, [binding]),
    );
    this.thumbprint = certificate.thumbprint;
    this.registerOutputs();
  }
}
