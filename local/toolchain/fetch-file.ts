import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SourceUnavailable } from "./source-unavailable";

/** How long a server may be silent. */
export interface FetchLimits {
  /** Until the first answer: short, so that a machine without internet goes on at once. */
  readonly firstAnswerMilliseconds: number;
  /** Between two pieces of a body. */
  readonly stallMilliseconds: number;
}

export const defaultFetchLimits: FetchLimits = { firstAnswerMilliseconds: 3_000, stallMilliseconds: 20_000 };

interface FetchOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly limits: FetchLimits;
}

/** @throws SourceUnavailable when the text cannot be had, with the reason. */
export async function fetchText(url: string, options: FetchOptions): Promise<string> {
  const chunks: Uint8Array[] = [];
  await receive(url, options, async (body) => {
    for await (const chunk of body) chunks.push(chunk);
  });
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Writes what the server sends to a file.
 *
 * @param report Told the part received so far
 * @returns The SHA-256 digest of what was received, in hex
 * @throws SourceUnavailable when it cannot be had whole; errors of the disk as they are
 */
export async function fetchFile(
  url: string,
  file: string,
  options: FetchOptions,
  report: (receivedBytes: number, totalBytes: number | undefined) => void,
): Promise<string> {
  const hash = createHash("sha256");
  await receive(url, options, async (body, total) => {
    let received = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        received += chunk.length;
        report(received, total);
        done(null, chunk);
      },
    });
    await pipeline(body, count, createWriteStream(file, { mode: 0o600 }));
    if (total !== undefined && received !== total) {
      throw new SourceUnavailable(`${url} was cut off after ${received} of ${total} bytes`);
    }
  });
  return hash.digest("hex");
}

type Body = AsyncIterable<Uint8Array>;

async function receive(
  url: string,
  options: FetchOptions,
  use: (body: Body, totalBytes: number | undefined) => Promise<void>,
): Promise<void> {
  // Loaded here: most starts fetch nothing.
  const { fetch, EnvHttpProxyAgent } = await import("undici");
  const { env, limits } = options;
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), limits.firstAnswerMilliseconds);
  let waited = limits.firstAnswerMilliseconds;
  const signal = options.signal ? AbortSignal.any([options.signal, silence.signal]) : silence.signal;
  const httpProxy = env.http_proxy || env.HTTP_PROXY;
  const httpsProxy = env.https_proxy || env.HTTPS_PROXY;
  const dispatcher = new EnvHttpProxyAgent({
    ...(httpProxy ? { httpProxy } : {}),
    ...(httpsProxy ? { httpsProxy } : {}),
    noProxy: env.no_proxy || env.NO_PROXY || "",
  });
  try {
    const response = await fetch(url, { signal, dispatcher, headers: { "accept-encoding": "identity" } });
    if (!response.ok || response.body === null) {
      throw new SourceUnavailable(`${url} answered ${response.status} ${response.statusText}`.trimEnd());
    }
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    const body = response.body as Body;
    const watched = async function* () {
      waited = limits.stallMilliseconds;
      for await (const chunk of body) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), limits.stallMilliseconds);
        yield chunk;
      }
    };
    await use(watched(), Number.isNaN(length) ? undefined : length);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof SourceUnavailable) throw error;
    if (silence.signal.aborted) {
      throw new SourceUnavailable(`${url} gave no answer within ${waited / 1000} s`, { cause: error });
    }
    if (["ENOSPC", "EDQUOT", "EACCES", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    throw new SourceUnavailable(`${url} cannot be had: ${reasonOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
    await dispatcher.destroy();
  }
}

/** `fetch` hides what the network said in `cause`. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (cause instanceof AggregateError)
    return (cause.errors as Error[]).map((each) => each.message).join("; ");
  return cause instanceof Error ? cause.message : message;
}
