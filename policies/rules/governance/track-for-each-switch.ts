import { appSystems } from "../../app-systems";
import { armIdOf, comparableId } from "../../azure/arm-id";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { clusterSystems, colourName } from "../../kubernetes/cluster-systems";
import { colourTracksOf, trackType } from "../../kubernetes/declared-sides";
import { describe, mapAt, optional, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView, SystemView } from "../../stack-view";
import { type Finding, judged, notApplicable, violation } from "../../verdict";

export const trackForEachSwitch = stackRule({
  name: "track-for-each-switch",
  topic: "governance",
  displayName: "Whatever a release switches is guarded from updates",
  description:
    "Every site with a slot, and every component with colours, belongs to a track, which outside dev is protected and asks the journals whether a release is running.",
  severity: "critical",
  ids: [
    "KIR-002",
    "KIR-073",
    "TES-001",
    "TES-038",
    "TES-044",
    "STO-066",
    "STO-068",
    "STO-244",
    "RET-065",
    "RET-069",
    "CAS-001",
    "CAS-056",
  ],
  conflicts: [5],
  remediationSteps:
    "Declare a Track with the target of the site or of the component's active Service or route, and with the stack's journal.",
  evaluate(stack) {
    const findings = [
      ...appSystems.flatMap(({ system }) => {
        const view = stack.system(system);
        return view ? judgeSlots(view) : [];
      }),
      ...clusterSystems.flatMap((system) => {
        const view = stack.system(system.system);
        return view ? judgeComponents(system.components, system.namespace, view) : [];
      }),
      ...judgeOutsideDev(stack),
    ];
    const any = stack.ofType(trackType).length > 0 || findings.length > 0;
    return any ? judged(findings) : notApplicable("the stack has nothing that a release switches");
  },
});

function judgeSlots(view: SystemView): readonly Finding[] {
  return judgeEach(
    view.ofType(azure.slot),
    (slot) => slot.urn,
    (slot) => {
      const [site, slotName] = armIdOf(slot).split("/slots/");
      const tracked = view
        .ofType(trackType)
        .filter((track) => requiredText(track, "target.kind") === "slots")
        .some(
          (track) =>
            comparableId(requiredText(track, "target.siteId")) === site &&
            requiredText(track, "target.slot").toLowerCase() === slotName,
        );
      return tracked ? [] : [violation(slot.urn, "no track guards the site and this slot")];
    },
  );
}

function judgeComponents(
  components: readonly { readonly name: string }[],
  namespace: string,
  view: SystemView,
): readonly Finding[] {
  const tracks = colourTracksOf(view);
  return judgeEach(
    components,
    () => view.urn,
    ({ name }) => {
      const track = tracks.find((candidate) => name in mapAt(candidate, "target.components"));
      if (!track) return [violation(view.urn, `no track guards the component ${name}`)];
      return judgeTrack(track, name, namespace);
    },
  );
}

function judgeTrack(track: DeclaredResource, component: string, namespace: string): readonly Finding[] {
  const wanted: readonly (readonly [string, string])[] = [
    ["target.namespace", namespace],
    [`target.components.${component}.blue`, colourName(component, "blue")],
    [`target.components.${component}.green`, colourName(component, "green")],
  ];
  return judgeEach(
    wanted,
    () => track.urn,
    ([path, value]) => {
      const found = requiredText(track, path);
      return found === value
        ? []
        : [violation(track.urn, `${path} must be ${value}, found ${describe(found)}`)];
    },
  );
}

function judgeOutsideDev(stack: StackView): readonly Finding[] {
  if (stack.environment === "dev") return [];
  return judgeEach(
    stack.ofType(trackType),
    (track) => track.urn,
    (track) => {
      // Without journals a track sees no lease, and lets an update change a side in the middle of a release.
      requiredText(track, "journal");
      if (track.protect || optional(track, "target") === undefined) return [];
      return [violation(track.urn, "the option protect must be true")];
    },
  );
}
