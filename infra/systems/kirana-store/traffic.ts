import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import { colourName } from "../../kubernetes/labels";
import type { TrafficSwitch } from "../../kubernetes/observed-sides";
import type { PlatformServices } from "../platform/services";

/**
 * The one place where the store's traffic is shared: an HTTPRoute whose weights the release moves in ten steps. Its
 * backends are the entries of both colours; a backend serves the entry of its own colour, so no second switch exists
 * that could disagree with this one.
 */
export function switchesOf(platform: PlatformServices, host: string): readonly TrafficSwitch[] {
  const { components, namespace, ramp } = contract;
  const entry = components[components.entry];
  return [
    {
      track: `${contract.system}-track`,
      target: {
        kind: "gateway",
        namespace: namespace.name,
        route: ramp.route,
        // By its own name Front Door probes the gateway; only the route with the weights knows which colours serve.
        hostnames: [host, platform.edge.originHost],
        gateway: { name: platform.gateway.name, namespace: platform.gateway.namespace },
        services: {
          blue: colourName(entry.name, "blue"),
          green: colourName(entry.name, "green"),
          port: entry.port,
        },
        components: Object.fromEntries(
          components.order.map((component) => {
            const { name } = components[component];
            return [name, { blue: colourName(name, "blue"), green: colourName(name, "green") }];
          }),
        ),
        ...platform.kubernetes.choice,
      },
    },
  ];
}
