/**
 * JSON with sorted keys and no spaces: the same bytes for the same value, so that a digest or a signature of it holds
 * whoever writes it down. Dates and functions are no JSON and are refused.
 *
 * @throws TypeError for what JSON cannot say, such as `undefined` in a list, NaN or a function.
 */
export function canonicalJson(value: unknown): string {
  const seen = { movedKeys: false };
  const ordered = inOrder(value, seen);
  // Plans of half a megabyte are hashed at each look at a journal: the engine's own text takes a third of the time.
  return seen.movedKeys ? member(value) : JSON.stringify(ordered);
}

/** Keys that an object of JavaScript has elsewhere than where they were put. */
const movedKey = /^\d|^__proto__$/;

/** A copy whose keys are in the order of their code units, unless `seen` says that it has keys that move. */
function inOrder(value: unknown, seen: { movedKeys: boolean }): unknown {
  if (typeof value !== "object" || value === null) {
    requireJson(value);
    return value;
  }
  if (Array.isArray(value)) return value.map((item) => inOrder(item, seen));
  const copy: Record<string, unknown> = {};
  for (const key of keysOf(value)) {
    if (movedKey.test(key)) seen.movedKeys = true;
    else {
      const own = (value as Readonly<Record<string, unknown>>)[key];
      if (own !== undefined) copy[key] = inOrder(own, seen);
    }
  }
  return copy;
}

function member(value: unknown): string {
  if (typeof value !== "object" || value === null) {
    requireJson(value);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(member).join(",")}]`;
  const members = keysOf(value).flatMap((key) => {
    const own = (value as Readonly<Record<string, unknown>>)[key];
    return own === undefined ? [] : [`${JSON.stringify(key)}:${member(own)}`];
  });
  return `{${members.join(",")}}`;
}

/** Most objects are written in order already. */
function keysOf(value: object): readonly string[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError("an object is no JSON");
  const keys = Object.keys(value);
  for (let at = 1; at < keys.length; at++) if (keys[at - 1]! > keys[at]!) return keys.sort();
  return keys;
}

function requireJson(value: unknown): void {
  if (value === null || typeof value === "boolean" || typeof value === "string") return;
  if (typeof value !== "number") throw new TypeError(`a ${typeof value} is no JSON`);
  if (!Number.isFinite(value)) throw new TypeError(`${value} is no JSON number`);
}
