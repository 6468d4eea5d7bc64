import type { CheckGate } from "../../runbooks/entry-basics";
import { connectionFailure } from "../clients/connection-failure";
import { type HttpAnswer, jsonOf } from "../clients/http";
import type { HostRequest, Surroundings } from "../clients/surroundings";
import { withinTime } from "../clients/within-time";
import { UserError } from "../user-error";
import type { EngineView } from "./engine-view";
import type { GateContext, Sample } from "./gate-provider";

export { bearer } from "../clients/bearer";

/** A kind of check with its own fields. */
export type CheckOf<Provider extends CheckGate["check"]["provider"]> = Extract<
  CheckGate["check"],
  { provider: Provider }
>;

/** What providers of checks ask with. */
export interface Asking {
  readonly surroundings: Surroundings;
  readonly view: Pick<EngineView, "release" | "backups" | "migrations">;
  /** When the release is planned to have ended, its watch with it, as of now. Absent where no release is under way. */
  readonly plannedEnd?: (now: Date) => Date;
  /** Value of a secret of the system's vault. @throws UserError when it cannot be read */
  secret(name: string, context: GateContext, signal: AbortSignal): Promise<string>;
}

/** What one look may use. */
export interface Look {
  /** Aborted with the release, and when the gate's time is over. */
  readonly signal: AbortSignal;
  /** Takes a text out of whatever the sample says, and gives it back. */
  hide(secret: string): string;
}

/**
 * One look of a check. What the world does ends as `nothing` with the reason and the mend; only a bug and the end of the
 * release are thrown. Nothing that was hidden stands in the sample.
 *
 */
export async function looking(
  question: string,
  gate: Pick<CheckGate, "timeoutSeconds">,
  context: Pick<GateContext, "signal">,
  ask: (look: Look) => Promise<Sample>,
): Promise<Sample> {
  const secrets: string[] = [];
  const hide = (secret: string) => {
    if (secret !== "") secrets.push(secret);
    return secret;
  };
  return withinTime(gate.timeoutSeconds * 1000, context.signal, async (signal) => {
    try {
      return without(secrets, await ask({ signal, hide }));
    } catch (error) {
      context.signal.throwIfAborted();
      const why = signal.aborted ? `no answer within ${gate.timeoutSeconds} s` : reasonOf(error);
      if (why === undefined) throw error;
      return without(secrets, nothing(question, why));
    }
  });
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof UserError) {
    return error.mend === undefined ? error.message : `${error.message}; ${error.mend}`;
  }
  return connectionFailure(error);
}

export function nothing(question: string, why: string): Sample {
  return { kind: "nothing", why, question };
}

export function answer(question: string, holds: boolean, seen: string): Sample {
  return { kind: "answer", holds, seen, question };
}

function without(secrets: readonly string[], sample: Sample): Sample {
  const clean = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
  const question = clean(sample.question);
  if (sample.kind === "answer") return { ...sample, question, seen: clean(sample.seen) };
  if (sample.kind === "nothing") return { ...sample, question, why: clean(sample.why) };
  return { ...sample, question };
}

/**
 * The JSON that a service answers.
 *
 * @param who as the message calls it
 * @param right what whoever runs the release needs there
 * @returns undefined when it knows no such thing (404)
 * @throws UserError for everything that is no answer
 */
export async function askJson(
  surroundings: Pick<Surroundings, "fetchHttp">,
  request: HostRequest,
  { who, right }: { readonly who: string; readonly right: string },
): Promise<unknown> {
  const got = await surroundings.fetchHttp(request);
  if (got.status === 404) return undefined;
  refuse(got, who, right);
  const body = jsonOf(got);
  if (body === undefined)
    throw new UserError(`${who} answered ${got.status} with what is no JSON`, { retriable: true });
  return body;
}

/** @throws UserError for a status that is no success */
export function refuse({ status }: HttpAnswer, who: string, right: string): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403)
    throw new UserError(`${who} refuses who asks (${status})`, { mend: right });
  if (status === 429) throw new UserError(`${who} is asked too often (429)`, { retriable: true });
  throw new UserError(`${who} answered ${status}`, { retriable: status >= 500 });
}

/**
 * `$candidate` and `$live` as the colours of the release.
 *
 * @throws UserError when tracks disagree, so that no colour could be meant
 */
export function withSides(text: string, context: Pick<GateContext, "candidate" | "live">): string {
  return text.replace(/\$(candidate|live)\b/g, (_, word: "candidate" | "live") => {
    const sides = [...new Set(Object.values(context[word]))];
    if (sides.length === 1) return sides[0]!;
    throw new UserError(`$${word} has no one side: ${sides.join(", ") || "none is known"}`);
  });
}

/** Address of a host of the system; of one with colours the candidate's. */
export function addressOf(name: string, context: Pick<GateContext, "facts" | "candidate" | "live">): URL {
  const host = context.facts.hosts[name];
  if (host === undefined) {
    throw new UserError(`the stack's output release names no host ${name}`, { mend: "npx switchyard up" });
  }
  if ("url" in host) return new URL(host.url);
  const side = withSides("$candidate", context);
  if (side === "blue" || side === "green") return new URL(host.bySide[side]);
  throw new UserError(`the host ${name} has an address for each colour, and the candidate's side is ${side}`);
}
