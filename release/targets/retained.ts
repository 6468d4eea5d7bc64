import { UserError } from "../user-error";
import { retainedAnnotation } from "./marks";

/** A side that a release keeps as it is, so that it can be gone back to, until it is finished. */
export interface Retained {
  readonly side: string;
  readonly release: string;
}

/** Value of the annotation: `green@retail-agentic-42`. */
export function formatRetained({ side, release }: Retained): string {
  return `${side}@${release}`;
}

/**
 * @param sides names that a side may have
 * @throws UserError for a text that names no side or no release: it is somebody's hand-written mark
 */
export function parseRetained(
  annotations: Readonly<Record<string, unknown>>,
  sides: readonly string[],
  where: string,
): Retained | undefined {
  const text = annotations[retainedAnnotation];
  if (text === undefined) return undefined;
  const [, side, release] = /^([^@]+)@(.+)$/.exec(String(text)) ?? [];
  if (side !== undefined && release !== undefined && sides.includes(side)) return { side, release };
  throw new UserError(
    `${where} is annotated ${retainedAnnotation}: ${JSON.stringify(text)}; allowed is SIDE@RELEASE with a side of ${sides.join(", ")}`,
    {
      mend: `the release writes this annotation; was it edited by hand? Look at: switchyard release status`,
    },
  );
}
