import { type Colour, colours, type SelectorTarget } from "../../runbooks/target";
import { UserError } from "../user-error";
import { type Json, mapAt } from "./json";
import { colourLabel } from "./marks";
import { ownedMetadata } from "./ownership";
import { describeTarget } from "./sides";

/**
 * Traffic by the selector of a Service: whole, to one colour or to the other.
 *
 * @param service as the API server shows it
 * @returns percent by colour
 * @throws UserError when the selector names neither colour, or pods of something else
 */
export function selectorTraffic(target: SelectorTarget, service: Json): Record<Colour, number> {
  const selector = mapAt(service, "spec", "selector");
  const live = colours.find((colour) => colour === selector[colourLabel]);
  const others = Object.fromEntries(Object.entries(selector).filter(([key]) => key !== colourLabel));
  if (live === undefined || !sameLabels(others, target.selector)) throw strangeSelector(target, selector);
  return { blue: live === "blue" ? 100 : 0, green: live === "green" ? 100 : 0 };
}

/** The Service as it is first made. */
export function initialService(target: SelectorTarget, system: string, initial: Colour): Json {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: ownedMetadata(target.service, target.namespace, system),
    spec: { type: "ClusterIP", selector: selectorTo(target, initial), ports: servicePorts(target) },
  };
}

/** The whole selector that sends the traffic to a colour: what a switch writes. */
export function selectorTo(target: SelectorTarget, colour: Colour): Record<string, string> {
  return { ...target.selector, [colourLabel]: colour };
}

export function servicePorts({ ports }: SelectorTarget): readonly Json[] {
  return ports.map((port) => ({ protocol: "TCP", targetPort: port.port, ...port }));
}

function sameLabels(found: Json, expected: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(expected);
  return keys.length === Object.keys(found).length && keys.every((key) => found[key] === expected[key]);
}

function strangeSelector(target: SelectorTarget, selector: Json): UserError {
  const patch = JSON.stringify({ spec: { selector: selectorTo(target, "blue") } });
  return new UserError(
    `${describeTarget(target)} selects ${JSON.stringify(selector)}, which is neither colour; allowed are ` +
      colours.map((colour) => JSON.stringify(selectorTo(target, colour))).join(" and "),
    {
      mend:
        "find out which colour is meant to be live, then patch the Service back (here for blue): " +
        `kubectl -n ${target.namespace} patch service ${target.service} --type merge -p '${patch}'`,
    },
  );
}
