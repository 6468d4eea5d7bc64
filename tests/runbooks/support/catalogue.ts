import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../../support/root";

export interface Statement {
  readonly id: string;
  readonly kind: string;
  readonly enforce: string;
  readonly text: string;
}

export const statements = parse(
  readFileSync(join(root, "runbooks", "catalogue.yaml"), "utf8"),
) as readonly Statement[];

/** Numbers of the items of conflicts.md. */
export const conflictItems: ReadonlySet<number> = new Set(
  [...readFileSync(join(root, "runbooks", "conflicts.md"), "utf8").matchAll(/^(\d+)\. /gm)].map(([, item]) =>
    Number(item),
  ),
);

/** Every value of a list that stands under a key, with its path. */
export function under(
  wanted: string,
  value: unknown,
  path = "",
): readonly { entry: unknown; path: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === wanted && Array.isArray(inner)
      ? (inner as unknown[]).map((entry) => ({ entry, path }))
      : under(wanted, inner, path ? `${path}.${key}` : key),
  );
}
