/** A chart that the platform installs: what it makes is seen by no rule, so that it is one that somebody has read. */
export interface PlatformChart {
  readonly chart: string;
  /** Exact. */
  readonly version: string;
  /** Address of its repository. */
  readonly repo: string;
  /** Parts of the chart's values that the platform sets. Others, such as `extraObjects`, may make anything. */
  readonly values: readonly string[];
  /** Where the values have each program's image, by the program; the platform sets it by digest. */
  readonly images: Readonly<Record<string, string>>;
}

/** Certificates of the gateway (RET-107), in the version that its custom resources were written for. */
export const certificateManagerChart = {
  chart: "cert-manager",
  version: "v1.18.2",
  repo: "https://charts.jetstack.io",
  values: ["crds", "podLabels", "replicaCount", "serviceAccount"],
  images: {
    controller: "image",
    webhook: "webhook.image",
    cainjector: "cainjector.image",
    acmesolver: "acmesolver.image",
    startupapicheck: "startupapicheck.image",
  },
} as const satisfies PlatformChart;

/** Every chart that a stack may install. */
export const platformCharts: readonly PlatformChart[] = [certificateManagerChart];
