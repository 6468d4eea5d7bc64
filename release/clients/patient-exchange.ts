import { setTimeout as pause } from "node:timers/promises";
import { exchange, type HttpAnswer, type HttpRequest } from "./http";

const tries = 3;
const firstPauseMilliseconds = 200;
const transientStatus = new Set([429, 500, 502, 503, 504]);
const transientCode = new Set(["ECONNRESET", "EPIPE", "EAI_AGAIN"]);

/** An exchange that may be repeated without harm (a read), and is, when the other side is only busy. */
export async function patientExchange(request: HttpRequest): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === tries;
    try {
      const answer = await exchange(request);
      if (last || !transientStatus.has(answer.status)) return answer;
    } catch (error) {
      if (last || !transientCode.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
    await pause(firstPauseMilliseconds * 4 ** (attempt - 1), undefined, { signal: request.signal });
  }
}
