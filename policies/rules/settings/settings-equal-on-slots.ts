import { besideSide, sideOf } from "../../azure/sites";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { listAt, mapAt } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, judged, violation } from "../../verdict";

export const settingsEqualOnSlots = stackRule({
  name: "settings-equal-on-slots",
  topic: "settings",
  displayName: "A swap changes no setting",
  description:
    "Settings of a site and its slots are the same on both, except those that stay with their slot.",
  severity: "high",
  ids: ["KIR-002", "KIR-073", "TES-040", "TES-044"],
  remediationSteps:
    "Give both sides the same value, or list the name in WebAppSlotConfigurationNames.appSettingNames.",
  presence: azure.slot,
  evaluate(stack) {
    const slots = stack.ofType(azure.slot);
    return judged(
      judgeEach(
        slots,
        (slot) => slot.urn,
        (slot) => compareWithSite(stack, slot),
      ),
    );
  },
});

function compareWithSite(stack: StackView, slot: DeclaredResource): readonly Finding[] {
  const siteName = sideOf(slot).split("/")[0]!;
  const sticky = stickyNames(stack, siteName);
  const [ofSlot] = besideSide(stack, slot, azure.slotSettings);
  const ofSite = stack.ofType(azure.siteSettings).find((settings) => sideOf(settings) === siteName);
  if (!ofSlot || !ofSite) return [violation(slot.urn, "its settings or those of its site are not declared")];
  const [left, right] = [mapAt(ofSite, "properties"), mapAt(ofSlot, "properties")];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  const different = judgeEach(
    [...names].filter((name) => !sticky.has(name)),
    () => ofSlot.urn,
    (name) => {
      if (!(name in right))
        return [violation(ofSlot.urn, `${name} is set on the site only and would move with a swap`)];
      if (!(name in left))
        return [violation(ofSlot.urn, `${name} is set on the slot only and would move with a swap`)];
      if (left[name] === right[name]) return [];
      return [violation(ofSlot.urn, `${name} differs from the site's and would move with a swap`)];
    },
  );
  const unused = [...sticky]
    .filter((name) => !names.has(name))
    .map((name) => violation(ofSlot.urn, `${name} is listed as staying with its slot, but no side sets it`));
  return [...different, ...unused];
}

function stickyNames(stack: StackView, siteName: string): ReadonlySet<string> {
  const lists = stack
    .ofType(azure.slotConfigurationNames)
    .filter((resource) => sideOf(resource) === siteName);
  return new Set(lists.flatMap((resource) => listAt(resource, "appSettingNames").map(String)));
}
