/** What the systems on the cluster need of `platform`. */
export interface PlatformServices {
  /** ARM id of the AKS cluster. */
  readonly clusterId: string;
}
