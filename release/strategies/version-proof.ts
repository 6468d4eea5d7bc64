import type { HostFacts } from "../../runbooks/release-facts";
import type { Colour } from "../../runbooks/target";
import type { Entry } from "../../runbooks/vocabulary";
import type { HttpAnswer } from "../clients/http";
import { jsonOf } from "../clients/http";
import type { Surroundings } from "../clients/surroundings";
import { mapAt } from "../targets/json";
import { UserError } from "../user-error";

/** Where an answer says which version gave it. */
export interface VersionQuestion {
  /** Path of the request. */
  readonly path: string;
  /** Dotted place in the JSON of the answer; without one, or when nothing is there, the header `x-version`. */
  readonly jsonPath?: string;
}

/** One address by colour at which a side is asked before it has traffic. */
export type PreviewHosts = Readonly<Record<Colour, string>>;

export interface VersionProof extends VersionQuestion {
  /** For targets with colours; sites are asked at their own hosts. */
  readonly preview?: PreviewHosts;
}

const answerMilliseconds = 5_000;
const versionHeader = "x-version";

/** The version that an answer proves. A page of the platform, or an error, proves none. */
export function versionIn(answer: HttpAnswer, { jsonPath }: VersionQuestion): string | undefined {
  const keys = jsonPath?.split(".") ?? [];
  const said = jsonPath === undefined ? undefined : mapAt(jsonOf(answer), ...keys.slice(0, -1))[keys.at(-1)!];
  if (typeof said === "string" && said !== "") return said;
  const header = answer.headers[versionHeader];
  return typeof header === "string" && header !== "" ? header : undefined;
}

/**
 * Asks a host which version it runs.
 *
 * @param query such as `x-ms-routing-name=self`, which App Service takes as the choice of a side
 * @returns undefined when it does not say, or does not answer: then nothing is proven
 */
export async function versionAt(
  base: string,
  question: VersionQuestion,
  { fetchHttp }: Pick<Surroundings, "fetchHttp">,
  { query, signal }: { query?: string; signal?: AbortSignal } = {},
): Promise<string | undefined> {
  const url = new URL(question.path, base);
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.set(name, value);
  try {
    const answer = await fetchHttp({ method: "GET", url, timeoutMilliseconds: answerMilliseconds, signal });
    return versionIn(answer, question);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof UserError && error.retriable) return undefined;
    throw error;
  }
}

/**
 * How a track's version is proven, by the contract's own check: the first request whose answer must be the candidate's.
 * Where several tracks with colours have preview hosts, which host is which track's cannot be told here; their pods'
 * images prove them, and the contract's gates ask the hosts.
 */
export function versionProofOf(
  entries: readonly Entry[],
  hosts: Readonly<Record<string, HostFacts>>,
  tracks: number,
): VersionProof | undefined {
  for (const entry of entries) {
    if (entry.word !== "checkGate" || entry.check.provider !== "http") continue;
    const { host, path, version } = entry.check;
    if (version?.of !== "candidate") continue;
    const facts = hosts[host];
    if (facts === undefined) continue;
    const question = { path, jsonPath: version.path };
    if (!("bySide" in facts)) return question;
    return tracks === 1 ? { ...question, preview: facts.bySide } : undefined;
  }
  return undefined;
}
