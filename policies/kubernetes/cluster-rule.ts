import { judgeEach } from "../decide";
import { type StackRule, stackRule } from "../rule";
import type { StackView, SystemView } from "../stack-view";
import { type Finding, judged, notApplicable } from "../verdict";
import { type ClusterSystem, clusterSystems } from "./cluster-systems";
import { searchIsElsewhere } from "./search-engine";

interface ClusterRule extends Omit<StackRule, "scope" | "presence" | "evaluate"> {
  /** Findings about one system that the stack carries. */
  judge(system: ClusterSystem, view: SystemView, stack: StackView): readonly Finding[];
}

/** A rule on what a stack holds of each system on the cluster. It applies as soon as a system's component is there. */
export function clusterRule({ judge, ...rule }: ClusterRule): StackRule {
  return stackRule({
    ...rule,
    evaluate(stack) {
      const carried = clusterSystems.flatMap((system) => {
        const view = stack.system(system.system);
        return view ? [{ system: asDeclared(system, view), view }] : [];
      });
      if (carried.length === 0) return notApplicable("the stack has no system on the cluster");
      return judged(
        judgeEach(
          carried,
          ({ view }) => view.urn,
          ({ system, view }) => judge(system, view, stack),
        ),
      );
    },
  });
}

/** The contract without what hangs on a part that the owner has elsewhere. */
function asDeclared(system: ClusterSystem, view: SystemView): ClusterSystem {
  const { withoutSearchEngine } = system;
  return withoutSearchEngine && searchIsElsewhere(view) ? { ...system, ...withoutSearchEngine } : system;
}
