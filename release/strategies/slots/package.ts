import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { connectionFailure } from "../../clients/connection-failure";
import type { Surroundings } from "../../clients/surroundings";
import { withinTime } from "../../clients/within-time";
import type { ManifestComponent } from "../../plan/manifest";
import { UserError } from "../../user-error";

export type SitePackage = Extract<ManifestComponent, { package: string }>;

const fetchMilliseconds = 300_000;

/**
 * The bytes of a package, which are those of the manifest's digest or are refused.
 * @throws UserError, retriable when its place did not answer
 */
export async function fetchPackage(
  { package: place, digest }: SitePackage,
  surroundings: Pick<Surroundings, "outside">,
  signal?: AbortSignal,
): Promise<Buffer> {
  const bytes = await bytesAt(place, surroundings, signal);
  const found = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (found === digest) return bytes;
  throw new UserError(
    `${place} is another package than the manifest's: its digest is ${found}, not ${digest}`,
    {
      mend: "put the package there that was approved, or approve this one: a new manifest",
    },
  );
}

async function bytesAt(
  place: string,
  { outside }: Pick<Surroundings, "outside">,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  if (!place.startsWith("https://")) return fileAt(place);
  const url = new URL(place);
  const byLogin = /\.blob\.core\.windows\.net$/.test(url.hostname);
  const headers = byLogin
    ? { authorization: `Bearer ${await outside.login.token("storage")}`, "x-ms-version": "2023-11-03" }
    : undefined;
  try {
    return await withinTime(fetchMilliseconds, signal, (within) => download(url, headers, within));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof UserError) throw error;
    const reason = connectionFailure((error as Error).cause ?? error) ?? (error as Error).message;
    throw new UserError(`the package ${where(url)} cannot be fetched: ${reason}`, {
      retriable: true,
      cause: error,
    });
  }
}

async function download(
  url: URL,
  headers: Readonly<Record<string, string>> | undefined,
  signal: AbortSignal,
): Promise<Buffer> {
  const response = await fetch(url, { headers, signal });
  if (response.ok) return Buffer.from(await response.arrayBuffer());
  const retriable = response.status === 429 || response.status >= 500;
  throw new UserError(`the package ${where(url)} cannot be fetched: status ${response.status}`, {
    retriable,
  });
}

/** Without the query, which may hold a signature. */
function where(url: URL): string {
  return url.origin + url.pathname;
}

async function fileAt(place: string): Promise<Buffer> {
  const file = place.startsWith("file:") ? fileURLToPath(place) : place;
  if (!isAbsolute(file)) {
    throw new UserError(
      `the package ${JSON.stringify(place)} is at no place that is the same for everybody`,
      {
        mend: "name it by https:, file: or an absolute path",
      },
    );
  }
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EACCES" && code !== "EISDIR") throw error;
    throw new UserError(`the package ${file} cannot be read (${code})`, { cause: error });
  }
}
