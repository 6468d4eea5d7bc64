import { UserError } from "../user-error";

/** A system with those that must serve before its release begins. */
export interface Ordered {
  readonly system: string;
  readonly after: readonly string[];
}

/**
 * The order in which releases begin: each behind those it comes after, otherwise as they are given.
 *
 * @throws UserError for a system that is there twice, one that comes after itself or one that is not there, and for a
 *   circle, which it names
 */
export function inOrder<Member extends Ordered>(
  members: readonly Member[],
  source: string,
): readonly Member[] {
  const names = members.map(({ system }) => system);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UserError(`${source} releases ${twice} twice.`, { mend: "Leave one of the two out." });
  for (const { system, after } of members) {
    const unknown = after.find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new UserError(`${source}: ${system} comes after ${unknown}, which is not in it.`, {
        mend: `Its releases are ${names.join(", ")}. Add one of ${unknown}, or take it out of \`after\` when what is live of it is enough.`,
      });
  }
  const placed: Member[] = [];
  while (placed.length < members.length) {
    const next = members.find(
      (member) =>
        !placed.includes(member) &&
        member.after.every((name) => placed.some(({ system }) => system === name)),
    );
    if (next === undefined)
      throw circleIn(
        members.filter((member) => !placed.includes(member)),
        source,
      );
    placed.push(next);
  }
  return placed;
}

function circleIn(rest: readonly Ordered[], source: string): UserError {
  const path: string[] = [];
  let next = rest[0]!.system;
  while (!path.includes(next)) {
    path.push(next);
    // Each of the rest comes after at least one other of the rest, or it would have been placed.
    next = rest
      .find(({ system }) => system === next)!
      .after.find((name) => rest.some(({ system }) => system === name))!;
  }
  const circle = [...path.slice(path.indexOf(next)), next];
  return new UserError(`${source}: ${circle.join(" comes after ")}: none of them could begin.`, {
    mend: "Take one of these out of `after`. Versions that need each other at once cannot be released one after the other: let one of them work with both.",
  });
}

/** All systems that a release comes after, also by way of others. */
export function neededBy(members: readonly Ordered[], system: string): ReadonlySet<string> {
  const needed = new Set<string>();
  const open = [system];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const before of members.find((member) => member.system === name)?.after ?? []) {
      if (needed.has(before)) continue;
      needed.add(before);
      open.push(before);
    }
  }
  return needed;
}

/** All systems whose releases come after this one's, also by way of others. */
export function needing(members: readonly Ordered[], system: string): ReadonlySet<string> {
  return new Set(
    members.filter((member) => neededBy(members, member.system).has(system)).map((member) => member.system),
  );
}
