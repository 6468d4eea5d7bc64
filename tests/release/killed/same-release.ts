import type { FarRelease } from "./outcome";

/**
 * What a release that was struck and taken up must have in common with the same one that was not: it ended alike, did and
 * said everything, and changed nothing of the world twice, or in another order.
 *
 * @returns what is different, in words
 */
export function differences(struck: FarRelease, whole: FarRelease): readonly string[] {
  const found: string[] = [];
  if (struck.result.end !== whole.result.end)
    found.push(`it ended ${struck.result.end} (${struck.result.why}), not ${whole.result.end}`);
  for (const [what, of] of Object.entries(common)) {
    const [missing, more] = apart(of(whole), of(struck));
    if (missing.length > 0) found.push(`${what} missing: ${missing.join(", ")}`);
    if (more.length > 0) found.push(`${what} beside those of the whole release: ${more.join(", ")}`);
  }
  const [once, again] = [effectsOf(whole), effectsOf(struck)];
  if (JSON.stringify(once) !== JSON.stringify(again))
    found.push(`the world was changed so: ${again.join("; ")}, and not so: ${once.join("; ")}`);
  return found;
}

const common: Readonly<Record<string, (release: FarRelease) => ReadonlySet<string>>> = {
  "steps done": ({ records }) =>
    new Set(records.flatMap(({ entry }) => (entry.kind === "done" ? [entry.step] : []))),
  "people asked": ({ records }) =>
    new Set(
      records.flatMap(({ entry }) => (entry.kind === "asked" ? [`${entry.role} for ${entry.entry}`] : [])),
    ),
  "messages told": ({ records }) =>
    new Set(
      records.flatMap(({ entry }) => (entry.kind === "told" ? [`${entry.entry} by ${entry.channel}`] : [])),
    ),
  "records written": ({ records }) =>
    new Set(records.flatMap(({ entry }) => (entry.kind === "recorded" ? [entry.entry] : []))),
  "baselines recorded": ({ records }) =>
    new Set(records.flatMap(({ entry }) => (entry.kind === "baseline" ? [entry.gate] : []))),
};

/** May be made again: a backup is proven once more, a tag set where it is already. */
const repeatable = /^(proof|mark) of /;

/** Changes of traffic, pods and data, with where the traffic stood after each. */
function effectsOf({ changes }: FarRelease): readonly string[] {
  return changes.map(({ name }) => name).filter((name) => name.includes(" of ") && !repeatable.test(name));
}

function apart(left: ReadonlySet<string>, right: ReadonlySet<string>): readonly [string[], string[]] {
  return [[...left].filter((one) => !right.has(one)), [...right].filter((one) => !left.has(one))];
}
