/** A Go module that carries custom resource definitions, with the files of it that are used. */
export interface DefinitionSource {
  readonly module: string;
  readonly version: string;
  /** Where the same files stand on the web. */
  readonly rawUrl: string;
  /** Path to SHA-256, in hex. */
  readonly files: Readonly<Record<string, string>>;
  /** Group that takes the place of the one in the files. */
  readonly group?: { readonly from: string; readonly to: string };
}

const githubRaw = "https://raw.githubusercontent.com";

/** The definitions of everything that the program declares and Kubernetes does not know by itself. */
export const definitionSources: readonly DefinitionSource[] = [
  {
    module: "sigs.k8s.io/gateway-api",
    version: "v1.5.1",
    rawUrl: `${githubRaw}/kubernetes-sigs/gateway-api/v1.5.1`,
    files: {
      "config/crd/standard/gateway.networking.k8s.io_backendtlspolicies.yaml":
        "9b8818172153d72f9c84032db0be0a4a657277d13f5bbc22226ad9481ff57971",
      "config/crd/standard/gateway.networking.k8s.io_gatewayclasses.yaml":
        "234ad4b2757ee1b3596a4187bb98df071c5bbdd9e1806f692f2dbf8387e6bef4",
      "config/crd/standard/gateway.networking.k8s.io_gateways.yaml":
        "7416e8300eb4d8c0a71a23445609075bbacbe8bc80104584b019cfe1ebe77c31",
    },
  },
  {
    module: "github.com/cert-manager/cert-manager",
    version: "v1.21.2",
    rawUrl: `${githubRaw}/cert-manager/cert-manager/v1.21.2`,
    files: {},
  },
  {
    module: "sigs.k8s.io/secrets-store-csi-driver",
    version: "v1.5.3",
    rawUrl: `${githubRaw}/kubernetes-sigs/secrets-store-csi-driver/v1.5.3`,
    files: {},
  },
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.85.0",
    rawUrl: `${githubRaw}/prometheus-operator/prometheus-operator/v0.85.0`,
    files: {},
    // Azure's managed Prometheus takes the operator's objects under a group of its own.
    group: { from: "monitoring.coreos.com", to: "azmonitoring.coreos.com" },
  },
];
