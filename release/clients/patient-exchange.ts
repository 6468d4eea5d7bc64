import { setTimeout as pause } from "node:timers/promises";
import { exchange, type HttpAnswer, type HttpRequest } from "./http";

const tries = 3;
const firstPauseMilliseconds = 200;
/** A service that asks for more patience than this is said to be busy instead. */
const longestPauseMilliseconds = 30_000;
const transientStatus = new Set([429, 500, 502, 503, 504]);
const transientCode = new Set(["ECONNRESET", "EPIPE", "EAI_AGAIN"]);

/** An exchange that may be repeated without harm (a read), and is, when the other side is only busy. */
export async function patientExchange(request: HttpRequest): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === tries;
    let asked: number | undefined;
    try {
      const answer = await exchange(request);
      if (last || !transientStatus.has(answer.status)) return answer;
      asked = askedMilliseconds(answer);
      if (asked !== undefined && asked > longestPauseMilliseconds) return answer;
    } catch (error) {
      if (last || !transientCode.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
    await pause(asked ?? firstPauseMilliseconds * 4 ** (attempt - 1), undefined, { signal: request.signal });
  }
}

/** `Retry-After` in seconds, as Azure Resource Manager writes it; a date is left to the usual pause. */
function askedMilliseconds({ headers }: HttpAnswer): number | undefined {
  const seconds = headers["retry-after"];
  return seconds !== undefined && /^\d+$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}
