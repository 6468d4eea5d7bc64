import { type Colour, colours, type GatewayTarget } from "../../runbooks/target";
import { UserError } from "../user-error";
import { type Json, listAt, mapAt } from "./json";
import { ownedMetadata } from "./ownership";
import { describeTarget } from "./sides";

/** What a weight that is left out counts as (Gateway API, HTTPBackendRef). */
const defaultWeight = 1;

export type Weights = Readonly<Record<Colour, number>>;

/**
 * Traffic by the weights of an HTTPRoute. They are percentages here: whole, from 0, together 100, the same in each rule.
 *
 * @param route as the API server shows it
 * @returns percent by colour
 * @throws UserError for weights that do not add up, a backend that is neither colour, rules that disagree
 */
export function gatewayTraffic(target: GatewayTarget, route: Json): Weights {
  const rules = listAt(route, "spec", "rules");
  const [first, ...others] = rules.map((rule, index) => ruleWeights(target, rule, index));
  if (first === undefined) throw strangeRoute(target, "has no rules");
  const different = others.findIndex(({ blue, green }) => blue !== first.blue || green !== first.green);
  if (different >= 0) {
    throw strangeRoute(
      target,
      `weighs its rules differently: rule 0 ${format(first)}, rule ${different + 1} ${format(others[different]!)}`,
    );
  }
  return first;
}

function ruleWeights(target: GatewayTarget, rule: unknown, index: number): Weights {
  const weights: Record<Colour, number> = { blue: 0, green: 0 };
  for (const backend of listAt(rule, "backendRefs")) {
    const { name, weight = defaultWeight } = mapAt(backend);
    const colour = colours.find((candidate) => target.services[candidate] === name);
    if (colour === undefined) {
      throw strangeRoute(target, `sends rule ${index} to ${JSON.stringify(name)}, which is neither colour`);
    }
    if (!Number.isInteger(weight) || (weight as number) < 0) {
      throw strangeRoute(target, `gives ${colour} the weight ${JSON.stringify(weight)} in rule ${index}`);
    }
    weights[colour] += weight as number;
  }
  if (weights.blue + weights.green !== 100) {
    throw strangeRoute(
      target,
      `weighs rule ${index} ${format(weights)}, together ${weights.blue + weights.green}`,
    );
  }
  return weights;
}

/** The HTTPRoute as it is first made. */
export function initialRoute(target: GatewayTarget, system: string, initial: Colour): Json {
  const weights = { blue: 0, green: 0, [initial]: 100 };
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: ownedMetadata(target.route, target.namespace, system),
    spec: {
      parentRefs: routeParents(target),
      hostnames: [...target.hostnames],
      rules: [{ backendRefs: backendRefs(target, weights) }],
    },
  };
}

export function routeParents({ gateway }: GatewayTarget): readonly Json[] {
  return [{ group: "gateway.networking.k8s.io", kind: "Gateway", ...gateway }];
}

/** The whole list of backends that shares the traffic as the weights say: what a step of a ramp writes. */
export function backendRefs(target: GatewayTarget, weights: Weights): readonly Json[] {
  return colours.map((colour) => ({
    group: "",
    kind: "Service",
    name: target.services[colour],
    port: target.services.port,
    weight: weights[colour],
  }));
}

function format({ blue, green }: Weights): string {
  return `blue ${blue} and green ${green}`;
}

function strangeRoute(target: GatewayTarget, what: string): UserError {
  return new UserError(
    `${describeTarget(target)} ${what}; allowed are whole weights from 0 that add up to 100, for ` +
      `${target.services.blue} and ${target.services.green}, the same in each rule`,
    {
      mend:
        "switchyard release status says what the weights should be; then: " +
        `kubectl -n ${target.namespace} edit httproute ${target.route}`,
    },
  );
}
