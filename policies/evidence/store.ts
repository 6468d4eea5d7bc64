import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { TrustRoot } from "../../attestation/trust-root";
import { schemaFault } from "../../runbooks/schema-fault";
import { holdsPlaceholder } from "../placeholder";
import type { PolicyRun } from "../run/policy-run";
import { evidenceFolderVariable, type RunSettings } from "../run/run-settings";
import { NoTrustError } from "../run/trust";
import {
  EvidenceError,
  type EvidenceItem,
  evidenceFileEnding,
  evidenceFileName,
  parseEvidence,
} from "./statement";

const settingSchema = z.strictObject({ location: z.string().min(1) });

/** The signed statements that a run can look at. */
export interface EvidenceStore {
  readonly items: readonly EvidenceItem[];
  /** Files that hold no evidence, each with what is wrong. */
  readonly unreadable: readonly { readonly file: string; readonly message: string }[];
  /** Who may have signed it; undefined when nothing can be verified, which is then one of the faults. */
  readonly root: TrustRoot | undefined;
  /** Why there is nothing to look at, or nothing to verify it with. */
  readonly faults: readonly string[];
}

/** There is no evidence to be had; the message says why. */
export class NoEvidenceError extends Error {
  override readonly name = "NoEvidenceError";
}

/** Reads all evidence of a stack, once; what is wrong with it is part of the answer. */
export async function openEvidence(run: Pick<PolicyRun, "settings" | "trustRoot">): Promise<EvidenceStore> {
  const [read, trust] = await Promise.all([
    attempt(async () => readEvidence(evidenceFolder(run.settings))),
    attempt(() => run.trustRoot()),
  ]);
  return {
    items: read.value?.items ?? [],
    unreadable: read.value?.unreadable ?? [],
    root: trust.value,
    faults: [read, trust].flatMap(({ fault }) => (fault === undefined ? [] : [fault])),
  };
}

/** Every statement of a folder, in order of name; other files are left alone. */
export async function readEvidence(folder: string): Promise<Pick<EvidenceStore, "items" | "unreadable">> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith(evidenceFileEnding)).sort();
  const items: EvidenceItem[] = [];
  const unreadable: { file: string; message: string }[] = [];
  for (const file of names) {
    try {
      const text = await readFile(join(folder, file), "utf8");
      if (evidenceFileName(text) !== file) throw new EvidenceError("it is not called after its own digest");
      items.push(parseEvidence(text, file));
    } catch (error) {
      if (!(error instanceof EvidenceError) && (error as NodeJS.ErrnoException).code === undefined)
        throw error;
      unreadable.push({ file, message: (error as Error).message });
    }
  }
  return { items, unreadable };
}

/** Where a stack's evidence lies, as `switchyard:evidence` says it; undefined when it does not, is malformed or a placeholder. */
export function evidenceLocation(setting: unknown): string | undefined {
  return holdsPlaceholder(setting) ? undefined : settingSchema.safeParse(setting).data?.location;
}

/**
 * The folder that holds a stack's evidence.
 *
 * @throws NoEvidenceError when the setting is malformed, or names a container that nobody has copied here.
 */
export function evidenceFolder({
  evidence,
  evidenceFolder: copied,
  projectFolder,
}: Pick<RunSettings, "evidence" | "evidenceFolder" | "projectFolder">): string {
  const parsed = settingSchema.safeParse(evidence);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new NoEvidenceError(
      `switchyard:evidence: ${issue === undefined ? "it has another form" : schemaFault(issue, evidence)}`,
    );
  }
  if (copied !== undefined) return resolve(copied);
  const { location } = parsed.data;
  if (/^https:\/\//.test(location)) {
    throw new NoEvidenceError(
      `the container ${location} was not copied here: preview, up, check --stack and releases of staging and production do so with a login that may read it; else copy it to a folder and name that in ${evidenceFolderVariable} (docs/evidence.md)`,
    );
  }
  if (projectFolder === undefined) {
    throw new NoEvidenceError(
      `the evidence ${location} is relative to the project's folder, which is not known here: set SWITCHYARD_PROJECT_DIR`,
    );
  }
  return resolve(projectFolder, location);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new NoEvidenceError(`the evidence in ${folder} cannot be read: ${(error as Error).message}`);
  }
}

async function attempt<T>(make: () => Promise<T>): Promise<{ readonly value?: T; readonly fault?: string }> {
  try {
    return { value: await make() };
  } catch (error) {
    if (error instanceof NoEvidenceError || error instanceof NoTrustError) return { fault: error.message };
    throw error;
  }
}
