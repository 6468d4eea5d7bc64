/**
 * Where a system's traffic is decided, as a contract, the program and the release name it. `Target` is what a track
 * guards; `Observation` is what can be seen of it at a moment. Both are plain JSON.
 */

/** Sides of a system on Kubernetes. */
export const colours = ["blue", "green"] as const;
export type Colour = (typeof colours)[number];

/** Port of a Service, as Kubernetes writes it. */
export interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** Number or name of the container's port. @default `port` */
  readonly targetPort?: number | string;
  /** @default TCP */
  readonly protocol?: "TCP" | "UDP" | "SCTP";
  readonly appProtocol?: string;
}

/** Names of the Deployments of both colours. */
export interface ColourNames {
  readonly blue: string;
  readonly green: string;
}

/** Which cluster. */
interface ClusterChoice {
  /** Context of the kubeconfig in `KUBECONFIG`. @default its current context */
  readonly context?: string;
  /** ARM id of an AKS cluster: address and token are then fetched at run time, and `context` is not read. */
  readonly clusterId?: string;
}

/** A Service whose selector names the colour that has the traffic. */
export interface SelectorTarget extends ClusterChoice {
  readonly kind: "selector";
  readonly namespace: string;
  /** The active Service, which carries the traffic. */
  readonly service: string;
  readonly ports: readonly ServicePort[];
  /** Labels of the selector without the colour's, which is `deployment`. */
  readonly selector: Readonly<Record<string, string>>;
  /** Deployments that make up a side, by component. */
  readonly components: Readonly<Record<string, ColourNames>>;
}

/** An HTTPRoute whose weights share the traffic between the Services of both colours. */
export interface GatewayTarget extends ClusterChoice {
  readonly kind: "gateway";
  readonly namespace: string;
  readonly route: string;
  readonly hostnames: readonly string[];
  readonly gateway: { readonly name: string; readonly namespace: string };
  readonly services: ColourNames & { readonly port: number };
  readonly components: Readonly<Record<string, ColourNames>>;
}

/** An App Service or function app with one slot beside it; its sides are `production` and the slot. */
export interface SlotsTarget {
  readonly kind: "slots";
  /** ARM id of the site. */
  readonly siteId: string;
  /** Name of the slot. */
  readonly slot: string;
}

/** A static web app, which has one side, `production`. */
export interface StaticSiteTarget {
  readonly kind: "staticSite";
  /** ARM id of the static site. */
  readonly siteId: string;
}

export type Target = SelectorTarget | GatewayTarget | SlotsTarget | StaticSiteTarget;

/** What is seen of a target. */
export interface Observation {
  /** Whether the object that carries the traffic exists. False before the first `up`. */
  readonly exists: boolean;
  /** False when nothing was asked (an offline preview): then nothing else here says anything. */
  readonly known: boolean;
  /** The side that has the traffic; in a ramp the one that has the most, the first declared on a tie. */
  readonly live?: string;
  /** The side that a new version goes to. */
  readonly idle?: string;
  /** Percent of the traffic by side; they add up to 100 while the object exists. */
  readonly traffic: Readonly<Record<string, number>>;
  /** Release key deployed, by side; a side without one is not deployed. */
  readonly sides: Readonly<Record<string, string>>;
  /** Of a side that is there only in part, the key by component; absent when there is no such side. */
  readonly parts?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Why nothing is known or nothing exists, in words. */
  readonly reason?: string;
}
