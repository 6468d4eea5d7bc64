import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { Release } from "@pulumi/kubernetes/helm/v3/release";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";
import { certificateManagerChart } from "../../../runbooks/charts";
import { systemNames } from "../../../runbooks/model";
import { namesIn } from "../../config/platform-reference";
import type { Cluster } from "../../kubernetes/cluster";
import { customResource } from "../../kubernetes/custom-resource";
import { objectOf, workloadTimeouts } from "../../kubernetes/options";
import { gatewayReference } from "./gateway-reference";

/** Class of the Istio add-on (docs/adr/0070). */
const gatewayClass = "istio";
const httpsPort = 443;
const certificateSecret = "gateway-certificate";

/** Service account of cert-manager's chart, to which its identity is bound. */
export const certificateManager = { namespace: "cert-manager", serviceAccount: "cert-manager" } as const;
const acmeServer = "https://acme-v02.api.letsencrypt.org/directory";

/** How the gateway's certificate is obtained. */
export interface CertificateArgs {
  readonly email: string;
  /** ARM id of the public zone in which the proof is left. */
  readonly dnsZoneId: string;
  /** Of the identity that may write into the zone. */
  readonly clientId: pulumi.Input<string>;
  /** Programs of cert-manager, each `REGISTRY/NAME@sha256:…`. */
  readonly images: Readonly<Record<keyof typeof certificateManagerChart.images, string>>;
}

export interface GatewayArgs {
  readonly environment: string;
  readonly cluster: Cluster;
  readonly host: string;
  readonly edgeSubnetName: string;
  readonly originLinkName: string;
  /** @default - the gateway has no certificate: dev, where nobody could issue one */
  readonly certificate?: CertificateArgs | undefined;
}

const labels = { "app.kubernetes.io/part-of": "platform", "app.kubernetes.io/managed-by": "pulumi" };

/** The way into the cluster: one gateway with a private address, which Front Door reaches by Private Link. */
export class Gateway extends pulumi.ComponentResource {
  readonly gateway: pulumi.Resource;
  private readonly args: GatewayArgs;
  private readonly prefix: string;

  constructor(name: string, args: GatewayArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:platform:Gateway", name, {}, { ...options, provider: args.cluster.provider });
    this.args = args;
    this.prefix = name;
    const namespace = this.declareNamespace();
    const certificate = args.certificate && this.declareCertificate(args.certificate, namespace);
    this.gateway = this.declareGateway([namespace, ...(certificate ? [certificate] : [])]);
    this.registerOutputs({});
  }

  private declareNamespace(): Namespace {
    const namespace = new Namespace(
      `${this.prefix}-namespace`,
      {
        metadata: {
          name: gatewayReference.namespace,
          labels: {
            ...labels,
            "switchyard.dev/environment": this.args.environment,
            "pod-security.kubernetes.io/enforce": "baseline",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
      },
      objectOf(this),
    );
    new NetworkPolicy(
      `${this.prefix}-traffic`,
      {
        metadata: { name: "gateway", namespace: gatewayReference.namespace, labels },
        spec: {
          podSelector: {},
          policyTypes: ["Ingress", "Egress"],
          // Requests and the load balancer's question for health; routes lead to any system.
          ingress: [{ ports: [httpsPort, 15021].map((port) => ({ protocol: "TCP", port })) }],
          egress: [{}],
        },
      },
      objectOf(this, { dependsOn: [namespace] }),
    );
    return namespace;
  }

  private declareGateway(dependsOn: readonly pulumi.Resource[]): pulumi.Resource {
    const { edgeSubnetName, originLinkName, cluster } = this.args;
    const service = (option: string) => `service.beta.kubernetes.io/${option}`;
    return customResource(
      `${this.prefix}-gateway`,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        metadata: {
          name: gatewayReference.name,
          namespace: gatewayReference.namespace,
          labels,
          // Before it has an address there is no Private Link service that an origin could name.
          ...(cluster.onAzure && { annotations: { "pulumi.com/waitFor": "condition=Programmed" } }),
        },
        spec: {
          gatewayClassName: gatewayClass,
          infrastructure: {
            annotations: {
              [service("azure-load-balancer-internal")]: "true",
              [service("azure-load-balancer-internal-subnet")]: edgeSubnetName,
              // Istio calls the port's protocol https, and for that the load balancer would ask for the page `/` and take
              // the gateway's 404 for an ill node (docs/adr/0158).
              [service(`port_${httpsPort}_health-probe_protocol`)]: "tcp",
              [service("azure-pls-create")]: "true",
              [service("azure-pls-name")]: originLinkName,
              [service("azure-pls-ip-configuration-subnet")]: edgeSubnetName,
            },
          },
          listeners: [
            {
              name: gatewayReference.listener,
              port: httpsPort,
              protocol: "HTTPS",
              tls: {
                mode: "Terminate",
                certificateRefs: [{ group: "", kind: "Secret", name: certificateSecret }],
              },
              allowedRoutes: {
                namespaces: {
                  from: "Selector",
                  selector: {
                    matchExpressions: [
                      { key: "kubernetes.io/metadata.name", operator: "In", values: [...systemNames].sort() },
                    ],
                  },
                },
              },
            },
          ],
        },
      },
      objectOf(this, { dependsOn, timeouts: workloadTimeouts }),
    );
  }

  private declareCertificate(certificate: CertificateArgs, namespace: pulumi.Resource): pulumi.Resource {
    const manager = this.declareCertificateManager(certificate);
    const zone = namesIn(certificate.dnsZoneId);
    const issuer = customResource(
      `${this.prefix}-issuer`,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "ClusterIssuer",
        metadata: { name: "letsencrypt", labels },
        spec: {
          acme: {
            server: acmeServer,
            email: certificate.email,
            privateKeySecretRef: { name: "letsencrypt-account" },
            solvers: [
              {
                dns01: {
                  azureDNS: {
                    environment: "AzurePublicCloud",
                    subscriptionID: zone.subscriptionId,
                    resourceGroupName: zone.resourceGroupName,
                    hostedZoneName: zone.name,
                    managedIdentity: { clientID: certificate.clientId },
                  },
                },
              },
            ],
          },
        },
      },
      objectOf(this, { dependsOn: manager }),
    );
    return customResource(
      `${this.prefix}-certificate`,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: { name: "gateway", namespace: gatewayReference.namespace, labels },
        spec: {
          secretName: certificateSecret,
          dnsNames: [this.args.host],
          issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "letsencrypt" },
          privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        },
      },
      objectOf(this, { dependsOn: [issuer, namespace] }),
    );
  }

  /** Left out of an offline preview: the provider would fetch the chart. */
  private declareCertificateManager({ clientId, images }: CertificateArgs): readonly pulumi.Resource[] {
    if (process.env.SWITCHYARD_OFFLINE_STACK === pulumi.getStack()) return [];
    return [
      new Release(
        `${this.prefix}-cert-manager`,
        {
          chart: certificateManagerChart.chart,
          version: certificateManagerChart.version,
          repositoryOpts: { repo: certificateManagerChart.repo },
          name: "cert-manager",
          namespace: certificateManager.namespace,
          createNamespace: true,
          atomic: true,
          timeout: 600,
          values: {
            crds: { enabled: true, keep: true },
            replicaCount: 2,
            image: chartImage(images.controller),
            webhook: { image: chartImage(images.webhook) },
            cainjector: { image: chartImage(images.cainjector) },
            acmesolver: { image: chartImage(images.acmesolver) },
            startupapicheck: { image: chartImage(images.startupapicheck) },
            podLabels: { "azure.workload.identity/use": "true" },
            serviceAccount: {
              name: certificateManager.serviceAccount,
              annotations: { "azure.workload.identity/client-id": clientId },
            },
          },
        },
        objectOf(this, { timeouts: { create: "15m", update: "15m", delete: "15m" } }),
      ),
    ];
  }
}

/** An image `REGISTRY/NAME@sha256:…` as charts take it. */
function chartImage(image: string): { readonly repository: string; readonly digest: string } {
  const [repository, digest] = image.split("@") as [string, string];
  return { repository, digest };
}
