import type { CheckGate } from "../../runbooks/entry-basics";
import { type Asking, answer, type CheckOf, looking, nothing } from "./asking";
import { compareAll } from "./comparison";
import type { GateProvider } from "./gate-provider";

/** Version in which each type is read, those that the stack declares it in. */
const apiVersions: readonly (readonly [type: RegExp, version: string])[] = [
  [/\/providers\/microsoft\.security\/securescores\/[^/]+$/i, "2020-01-01"],
  [/\/providers\/microsoft\.web\/(sites|staticsites|serverfarms)\//i, "2025-05-01"],
  [/\/providers\/microsoft\.network\/frontdoorwebapplicationfirewallpolicies\//i, "2025-11-01"],
];

/** Properties of a resource as Azure reports them now. */
export function azureResourceProvider({ surroundings }: Asking): GateProvider<CheckGate> {
  return {
    look(gate, context) {
      const { resource, expects } = gate.check as CheckOf<"azureResource">;
      const id = context.facts.resources[resource];
      const question = `GET ${id ?? resource}`;
      return looking(question, gate, context, async ({ signal }) => {
        if (id === undefined)
          return nothing(
            question,
            `the stack's output release names no resource ${resource}; npx switchyard up`,
          );
        const version = apiVersions.find(([type]) => type.test(id))?.[1];
        if (version === undefined) return nothing(question, `no API version is known for ${id}`);
        const found = await surroundings.arm(signal).get(id, version);
        if (found === undefined) return answer(question, false, `${resource} does not exist`);
        const { holds, seen } = compareAll(expects, found);
        return answer(question, holds, seen);
      });
    },
  };
}
