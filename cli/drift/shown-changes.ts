import { createHmac, randomBytes } from "node:crypto";
import { formatPath } from "../../plugin-server/values/path";
import { Disclosure } from "../../reports/disclosure";
import type { PropertyChange } from "../../reports/model";
import { overlap, type Path } from "./finding";

const disclosure = new Disclosure();

/**
 * A difference as a report may show it: values only where both are known to be no secret.
 *
 * @param hidden Paths whose values are secrets, whatever their names say.
 */
export function shownChange(
  path: Path,
  before: unknown,
  after: unknown,
  hidden: readonly Path[],
): PropertyChange {
  const text = formatPath(path);
  const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
  const change = { path: text, kind };
  if (hidden.some((secret) => overlap(secret, path))) return { ...change, withheld: "secret" };
  const judged = [disclosure.judge(text, before), disclosure.judge(text, after)];
  const withheld = judged.find((one) => one === "secret") ?? judged.find((one) => one !== "shown");
  if (withheld === "secret" || withheld === "undisclosed") return { ...change, withheld };
  return {
    ...change,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

/** Known to this process only, so that nothing that was made with it can be guessed from outside. */
const runKey = randomBytes(32);

/** What stands for a value where two must be told apart and neither may be kept. */
export function concealed(value: unknown): string {
  return createHmac("sha256", runKey).update(JSON.stringify(value)).digest("base64url");
}
