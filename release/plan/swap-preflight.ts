import type { ReleaseFacts } from "../../runbooks/release-facts";
import { describeTarget } from "../targets/sides";
import type { Observed } from "./observed";

/** App settings of both sides, by name, and the names that stay with their slot. Values are compared and never shown. */
export interface SideSettings {
  readonly production: Readonly<Record<string, string>>;
  readonly slot: Readonly<Record<string, string>>;
  readonly sticky: readonly string[];
}

/** What a swap does to the settings; names only. */
export interface SwapPreflight {
  /** Go with the package to the other side. */
  readonly moves: readonly string[];
  /** Stay, and differ: the swap restarts the slot with production's before it moves anything. */
  readonly restarts: readonly string[];
  /** Stay, and are the same. */
  readonly sticks: readonly string[];
  /** One side alone has them, and the version that comes would be without them in production. The swap is refused. */
  readonly breaks: readonly string[];
}

/** What Azure keeps with the slot although nobody said so: the version of the Functions runtime. */
const alwaysSticky = /_EXTENSION_VERSION$/;

/** What was seen of a system's tracks that are swapped, and what to say of those whose settings nobody could see. */
export function swapsSeen(
  { tracks }: ReleaseFacts,
  observed: Observed,
): { readonly seen: Readonly<Record<string, SwapPreflight>>; readonly warnings: readonly string[] } {
  const swaps = tracks.flatMap(({ name, target }) => {
    const swap = observed[name]?.swap;
    return swap === undefined ? [] : [{ name, target, swap }];
  });
  return {
    seen: Object.fromEntries(swaps.flatMap(({ name, swap }) => ("unseen" in swap ? [] : [[name, swap]]))),
    warnings: swaps.flatMap(({ target, swap }) =>
      "unseen" in swap
        ? `What a swap does to the settings of ${describeTarget(target)} could not be seen (${swap.unseen}); the release looks before it deploys, and again before the swap`
        : [],
    ),
  };
}

/** Why a swap is refused that would take settings away from the new version, and the mend. */
export function breaksWords(
  { breaks }: SwapPreflight,
  { site, version, slot }: { readonly site: string; readonly version: string; readonly slot: string },
): { readonly message: string; readonly mend: string } {
  return {
    message: `a swap of ${site} would leave ${version} in production without settings that one side has: ${breaks.join(", ")}`,
    mend: `declare them for production and ${slot}, with a value each where they stay with their side (slotConfigNames), or for neither: switchyard up`,
  };
}

/** What of the settings moves, sticks, restarts or breaks when the slot is swapped with production. Pure. */
export function preflightOf({ production, slot, sticky }: SideSettings): SwapPreflight {
  const stays = (name: string) => sticky.includes(name) || alwaysSticky.test(name);
  const names = [...new Set([...Object.keys(production), ...Object.keys(slot)])].sort();
  const differs = (name: string) => production[name] !== slot[name];
  const staying = names.filter(stays);
  const going = names.filter((name) => !stays(name));
  return {
    moves: going.filter((name) => differs(name) && name in slot),
    restarts: staying.filter(differs),
    sticks: staying.filter((name) => !differs(name)),
    breaks: [
      ...going.filter((name) => name in production && !(name in slot)),
      ...staying.filter((name) => name in slot && !(name in production)),
    ],
  };
}

export function preflightLines({ moves, restarts, sticks, breaks }: SwapPreflight): readonly string[] {
  const line = (text: string, names: readonly string[]) =>
    names.length > 0 ? [`${text}: ${names.join(", ")}`] : [];
  return [
    ...line("settings that go with the package", moves),
    ...line("settings that stay and differ, for which the slot is restarted before the swap", restarts),
    ...line("settings that stay and are the same", sticks),
    ...line("settings that the new version would not find in production", breaks),
  ];
}
