const parts = /\*\*|\*|[^*]+/g;

const mostWildcards = 6;

/** @returns What is wrong with a pattern; undefined when nothing is. */
export function patternFault(pattern: string): string | undefined {
  if (!pattern.startsWith("urn:pulumi:")) return "a pattern begins with urn:pulumi:";
  if (/\s/.test(pattern)) return "a pattern holds no space";
  if (/\*{3,}/.test(pattern)) return "only * and ** stand for something";
  // Each one multiplies what a match may cost.
  if ((pattern.match(/\*+/g) ?? []).length > mostWildcards)
    return `a pattern has ${mostWildcards} wildcards at most`;
  const separated = pattern.split("::");
  const across = pattern.includes("**");
  if (separated.length > 4 || (!across && separated.length < 4)) {
    return "a pattern has the parts of a URN: urn:pulumi:STACK::PROJECT::TYPE::NAME";
  }
  if (separated.some((part) => part === "" || part === "urn:pulumi:"))
    return "a part of the pattern is empty";
  if (/^[:*$]*$/.test(narrowingOf(separated)))
    return "a pattern that fits everything exempts everything: name a type or a resource beside the stack";
  return undefined;
}

/** What of a pattern tells resources of a stack apart. Every stack is of one project: naming it narrows nothing. */
function narrowingOf([stack = "", second = "", ...rest]: readonly string[]): string {
  const behindStack = stack.slice("urn:pulumi:".length).replace(/^[^*]*\**/, "");
  const isProject = rest.length > 0 && !stack.includes("**") && !second.includes("**");
  // What stands before a `**` may still be the project's name.
  const behindProject = isProject ? "" : second.replace(/^[^*]+(?=\*\*)/, "");
  return [behindStack, behindProject, ...rest].join("");
}

/**
 * Whether a URN fits a pattern that has no fault. Parts of a URN are separated by `::`, the types of its parents by `$`.
 */
export function matcherOf(pattern: string): (urn: string) => boolean {
  const expression = [...pattern.matchAll(parts)]
    .map(([part]) => (part === "**" ? ".*" : part === "*" ? "(?:(?!::)[^$])*" : escaped(part)))
    .join("");
  const whole = new RegExp(`^${expression}$`, "s");
  return (urn) => whole.test(urn);
}

/** The stacks that a pattern speaks of: a name, or undefined where a wildcard leaves it open. */
export function stackOfPattern(pattern: string): string | undefined {
  const [stack = ""] = pattern.slice("urn:pulumi:".length).split("::", 1);
  return stack.includes("*") ? undefined : stack;
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}
