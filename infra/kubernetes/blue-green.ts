import type { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";
import { declaredColours, releaseKeys, type Sides } from "../../runbooks/sides";
import type { Colour } from "../../runbooks/target";
import { Track } from "../track";
import type { AppComponent } from "./app-component";
import type { GatewayReference } from "./http-route";
import { labelsOf } from "./labels";
import { allow } from "./network-policies";
import type { ObservedSides } from "./observed-sides";
import { objectOf } from "./options";
import { serviceAccount } from "./service-account";
import { declareSide } from "./side";
import { declareSideJob, type SideJob } from "./side-job";
import type { SystemNamespace } from "./system-namespace";

export interface BlueGreenArgs {
  readonly system: string;
  readonly environment: string;
  readonly namespace: SystemNamespace;
  /** In the order in which a release takes them; a rollback takes them in reverse. */
  readonly components: readonly AppComponent[];
  readonly sides: Sides;
  /** The colour that has the traffic when a switch is first made. */
  readonly initial: Colour;
  /** From `observeSides`, which the program awaits before. */
  readonly observed: ObservedSides;
  /** Jobs that run with a side's own image, such as its migration. @default - none */
  readonly jobs?: readonly SideJob[];
  /** Gateway of the preview hosts. @default - no preview hosts */
  readonly gateway?: GatewayReference;
  /** Whether pods say what the emulated cluster answers for them. */
  readonly emulated: boolean;
  /** Whether a preview refuses to delete what carries the traffic. */
  readonly guarded: boolean;
  /** Container of the journals of releases. @default - dev: the folder of the local state */
  readonly journal?: string;
}

/**
 * A system on Kubernetes with a blue and a green side, of which one has the traffic. Declares both whole and decides
 * nothing about traffic: the active Services and routes are made by tracks and moved by releases, replicas are nobody's
 * input. Give the cluster's provider in the options.
 */
export class BlueGreen extends pulumi.ComponentResource {
  readonly tracks: readonly Track[];

  constructor(name: string, args: BlueGreenArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:kubernetes:BlueGreen", name, {}, options);
    const { system, components, sides, observed } = args;
    const namespace = args.namespace.namespaceName;
    this.tracks = observed.switches.map(
      ({ track, target }) =>
        new Track(
          track,
          { system, target, initial: args.initial, sides: releaseKeys(sides), journal: args.journal },
          objectOf(this, { dependsOn: [args.namespace.namespace], protect: args.guarded }),
        ),
    );
    const accounts = new Map(
      components.map((component) => [component.name, this.declareShared(args, component)]),
    );
    for (const colour of declaredColours(sides)) {
      const block = sides[colour]!;
      for (const component of components) {
        const unchanged = observed.isUnchanged(colour, component.name);
        declareSide({ ...args, namespace, component, colour, block, unchanged }, this, [
          ...this.tracks,
          accounts.get(component.name)!,
        ]);
      }
      for (const job of args.jobs ?? []) {
        const component = components.find((candidate) => candidate.name === job.component);
        if (!component)
          throw new Error(`job ${job.name} is of ${job.component}, which ${system} does not have`);
        const unchanged = observed.isUnchanged(colour, component.name);
        declareSideJob({ ...args, job, component, colour, block, unchanged, namespace }, this, this.tracks);
      }
    }
    this.registerOutputs({});
  }

  /** What both colours of a component have in common; no pod is made anew when it changes. */
  private declareShared(args: BlueGreenArgs, component: AppComponent): ServiceAccount {
    const { system, namespace } = args;
    const { name, port, ingress, egress, identityClientId } = component;
    const metadata = {
      name,
      namespace: namespace.namespaceName,
      labels: labelsOf({ ...args, component: name }),
    };
    const within = objectOf(this, { dependsOn: [namespace.namespace] });
    new NetworkPolicy(
      `${system}-${name}-network`,
      { metadata, spec: allow({ component: name, port, ingress, egress }) },
      within,
    );
    return serviceAccount(`${system}-${name}-account`, { metadata, identityClientId }, within);
  }
}
