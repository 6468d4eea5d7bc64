import { defaultFetchLimits, fetchFile } from "./fetch-file";
import { SourceUnavailable } from "./source-unavailable";
import type { DownloadOptions } from "./tool";

/**
 * Downloads a file whose digest is known.
 *
 * @param expected SHA-256 in hex
 * @throws SourceUnavailable when it is not to be had or has another digest
 */
export async function fetchChecked(
  url: string,
  file: string,
  expected: string,
  { env, signal, report, limits = defaultFetchLimits }: DownloadOptions,
): Promise<void> {
  const digest = await fetchFile(url, file, { env, signal, limits }, (received, total) => {
    const ofTotal = total === undefined ? "" : ` of ${megabytes(total)}`;
    report(`${megabytes(received)}${ofTotal} MB`);
  });
  if (digest !== expected) {
    throw new SourceUnavailable(`${url} has SHA-256 ${digest}, published is ${expected}: not used`);
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
