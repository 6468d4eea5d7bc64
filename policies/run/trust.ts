import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { openTrustRoot, type TrustRoot, TrustRootError } from "../../attestation/trust-root";
import type { RunSettings } from "./run-settings";

const settingSchema = z.strictObject({
  location: z.string().min(1),
  keys: z.array(z.string().regex(/^sha256:[0-9a-f]{64}$/)).min(1),
  threshold: z.number().int().positive(),
});

/** Nothing can be verified; the message says why and what to do. */
export class NoTrustError extends Error {
  override readonly name = "NoTrustError";
}

const longestFetchMilliseconds = 10_000;

/**
 * Opens the trust root that the stack's settings pin.
 *
 * @throws NoTrustError when none is configured, it cannot be read, or it is not to be relied on.
 */
export async function trustRootOf(
  settings: Pick<RunSettings, "trustRoot" | "projectFolder" | "stack" | "now">,
): Promise<TrustRoot> {
  if (settings.trustRoot === undefined) {
    throw new NoTrustError(
      `no trust root is configured for ${settings.stack}: set switchyard:trustRoot (docs/exemptions.md)`,
    );
  }
  const parsed = settingSchema.safeParse(settings.trustRoot);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new NoTrustError(`switchyard:trustRoot: ${issue?.path.join(".") || "it"}: ${issue?.message}`);
  }
  const { location, keys, threshold } = parsed.data;
  const text = await textAt(location, settings.projectFolder);
  try {
    return openTrustRoot(text, { keys, threshold }, settings.now);
  } catch (error) {
    if (error instanceof TrustRootError) throw new NoTrustError(error.message);
    throw error;
  }
}

async function textAt(location: string, projectFolder: string | undefined): Promise<string> {
  try {
    if (/^https:\/\//.test(location)) return await fetched(location);
    if (projectFolder === undefined) {
      throw new NoTrustError(
        `the trust root ${location} is relative to the project's folder, which is not known here: set SWITCHYARD_PROJECT_DIR`,
      );
    }
    return await readFile(resolve(projectFolder, location), "utf8");
  } catch (error) {
    if (error instanceof NoTrustError) throw error;
    throw new NoTrustError(`the trust root ${location} cannot be read: ${(error as Error).message}`);
  }
}

async function fetched(address: string): Promise<string> {
  const response = await fetch(address, { signal: AbortSignal.timeout(longestFetchMilliseconds) });
  if (!response.ok) throw new Error(`the answer is ${response.status}`);
  return response.text();
}
