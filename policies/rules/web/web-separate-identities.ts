import { sideOf, sidesIn } from "../../azure/sites";
import { judgeEach } from "../../decide";
import { optional } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import { judged, notApplicable, violation } from "../../verdict";

export const webSeparateIdentities = stackRule({
  name: "web-separate-identities",
  topic: "web",
  displayName: "Site and slot have different identities",
  description:
    "No two sites or slots share a user-assigned identity, so that each is granted what it needs alone.",
  severity: "medium",
  ids: ["KIR-016", "KIR-065"],
  remediationSteps: "Give site and slot a system-assigned identity each, or different user-assigned ones.",
  evaluate(stack) {
    const sides = sidesIn(stack);
    if (sides.length === 0) return notApplicable("the stack has no site");
    const holders = new Map<string, string>();
    return judged(
      judgeEach(
        sides,
        (side) => side.urn,
        (side) =>
          identitiesOf(side).flatMap((identity) => {
            const holder = holders.get(identity);
            holders.set(identity, holder ?? sideOf(side));
            return holder === undefined
              ? []
              : [violation(side.urn, `shares a user-assigned identity with ${holder}`)];
          }),
      ),
    );
  },
});

/** Ids of the user-assigned identities: a list in the program, an object by id in state. */
function identitiesOf(side: DeclaredResource): readonly string[] {
  const declared = optional(side, "identity.userAssignedIdentities");
  if (declared === undefined) return [];
  const ids = Array.isArray(declared) ? declared.map(String) : Object.keys(declared as object);
  return ids.map((id) => id.toLowerCase());
}
