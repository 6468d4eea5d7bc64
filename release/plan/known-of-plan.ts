import type { Plan } from "./plan";

/** What is found in a plan, found once: a plan does not change, and every step of a release asks. */
export function knownOfPlan<Found>(find: (plan: Plan) => Found): (plan: Plan) => Found {
  const known = new WeakMap<Plan, { readonly found: Found }>();
  return (plan) => {
    let one = known.get(plan);
    if (one === undefined) {
      one = { found: find(plan) };
      known.set(plan, one);
    }
    return one.found;
  };
}
