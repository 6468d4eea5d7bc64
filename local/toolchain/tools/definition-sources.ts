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
      "config/crd/standard/gateway.networking.k8s.io_grpcroutes.yaml":
        "979f4125d44d3df24659ba00d1d04ff8e76c45423193e8aae82dd5810d7827df",
      "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml":
        "682203b109baecb18d38073a578f7bc2c17d22fe9b0c27bf030850abe014c370",
      "config/crd/standard/gateway.networking.k8s.io_listenersets.yaml":
        "9221468d19fdfbb0026113b1ef64abac64f27607975aff2410361b8b38f0e0bb",
      "config/crd/standard/gateway.networking.k8s.io_referencegrants.yaml":
        "a8902c486eed0b7339f5bb8a476ccaba0918eb038048402bdc01cbb69b0fbb51",
      "config/crd/standard/gateway.networking.k8s.io_tlsroutes.yaml":
        "818e4827c469a40e2527a2851591e656782c50fea8dd44812c900d219da09345",
    },
  },
  {
    module: "github.com/cert-manager/cert-manager",
    version: "v1.21.2",
    rawUrl: `${githubRaw}/cert-manager/cert-manager/v1.21.2`,
    files: {
      "deploy/crds/cert-manager.io_certificates.yaml":
        "7ad91029c00ec959d54215b19d3b1a9b7e0247eaa60f987151c2b70d8661f8af",
      "deploy/crds/cert-manager.io_clusterissuers.yaml":
        "30008001b78aafb8e110af61359561104b5fafc3a4dc6ac0013245d0ee3fe4ca",
      "deploy/crds/cert-manager.io_issuers.yaml":
        "05e37efb02777e0362d24269fa103c2fc11419f9c85e31854ef873e5d9e5c5cc",
    },
  },
  {
    module: "sigs.k8s.io/secrets-store-csi-driver",
    version: "v1.5.3",
    rawUrl: `${githubRaw}/kubernetes-sigs/secrets-store-csi-driver/v1.5.3`,
    files: {
      "config/crd/bases/secrets-store.csi.x-k8s.io_secretproviderclasses.yaml":
        "ef1623b34403bb11311fc92763b5b364ba456a166f1637eeec8d29052dd115f3",
    },
  },
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.85.0",
    rawUrl: `${githubRaw}/prometheus-operator/prometheus-operator/v0.85.0`,
    files: {
      "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml":
        "8ce88c52c51209993511cae093089c9525f5552def88119e3f559123ee9d454b",
      "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml":
        "1dae27b7189b5ce7b9ab764656c18b4c75a45cde1e6f3af6a5e84c4317628919",
    },
    // Azure's managed Prometheus takes the operator's objects under a group of its own.
    group: { from: "monitoring.coreos.com", to: "azmonitoring.coreos.com" },
  },
];
