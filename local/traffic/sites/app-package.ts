import { createHash } from "node:crypto";
import { z } from "zod";
import { fileInZip, isZip } from "./zip";

/** File of a package that says what the emulated app does. */
export const appFile = "switchyard-app.json";

const answer = z.strictObject({
  status: z.int().min(100).max(599).default(200),
  /** Sent as it is when a string, as JSON otherwise. */
  body: z.json().default(""),
  contentType: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Name of a header, in small letters, without which the request is answered with 404, as if the path were not there. */
  onlyWith: z.string().toLowerCase().optional(),
});

const emulatedApp = z.strictObject({
  version: z.string().min(1),
  /** Answers `{"version": …}`. */
  versionPath: z.string().startsWith("/").optional(),
  /** Fixed answers by path: health and whatever else a gate asks. */
  paths: z.record(z.string().startsWith("/"), answer).default({}),
  /** Status of every other path. */
  otherStatus: z.int().min(100).max(599).default(200),
  /** Seconds from a deployment or restart until it answers; requests wait for it. */
  startDelaySeconds: z.number().nonnegative().default(0),
  latencyMilliseconds: z.number().nonnegative().default(0),
  /** Share of requests that are answered with `errorStatus`. */
  errorRate: z.number().min(0).max(1).default(0),
  errorStatus: z.int().min(400).max(599).default(500),
  /** Custom metrics that the app tracks: what one request adds, by name. */
  trackedMetrics: z.record(z.string(), z.number()).default({}),
});

export type EmulatedApp = z.output<typeof emulatedApp>;

/** A package that cannot be deployed. */
export class PackageFault extends Error {}

/**
 * Reads a package: a zip that holds `switchyard-app.json`, or that file alone.
 *
 * @throws PackageFault in words for the deployment's message
 */
export function readPackage(bytes: Buffer): { readonly digest: string; readonly app: EmulatedApp } {
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const text = (isZip(bytes) ? fileInZip(bytes, appFile) : bytes)?.toString("utf8");
  if (text === undefined) throw new PackageFault(`the package holds no ${appFile} at its root`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new PackageFault(`${appFile} is no JSON (${error.message}), or the package no zip`);
  }
  return { digest, app: parseApp(json) };
}

/** @throws PackageFault */
export function parseApp(json: unknown): EmulatedApp {
  const parsed = emulatedApp.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`);
  throw new PackageFault(`${appFile} is not as it should be: ${faults.join("; ")}`);
}
