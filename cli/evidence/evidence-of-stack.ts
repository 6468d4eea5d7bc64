import { existsSync } from "node:fs";
import { join } from "node:path";
import { evidenceLocation } from "../../policies/evidence/store";
import { evidenceFolderVariable } from "../../policies/run/run-settings";
import { AzureLogin } from "../../release/clients/azure-login";
import { UserError } from "../../release/user-error";
import { stackFile } from "../stack-files";
import { readStackConfig } from "../stack-settings";
import type { Workspace } from "../workspace";
import { EvidenceContainer } from "./evidence-container";

interface EvidenceSource {
  readonly workspace: Workspace;
  readonly stack: string;
  readonly user: NodeJS.ProcessEnv;
  /** Told when the container cannot be read. @default - the rules alone say so */
  readonly say?: (line: string) => void;
}

/** The container that holds a stack's evidence; undefined where it lies in a folder, or its settings name no place. */
export function evidenceContainerOf({
  workspace,
  stack,
  user,
}: Pick<EvidenceSource, "workspace" | "stack" | "user">): EvidenceContainer | undefined {
  if (!existsSync(stackFile(workspace, stack))) return undefined;
  const location = evidenceLocation(readStackConfig(workspace, stack)["switchyard:evidence"]);
  return location?.startsWith("https://") ? new EvidenceContainer(location, new AzureLogin(user)) : undefined;
}

/**
 * The environment in which the pack finds the evidence of a stack. Where that lies in a container, the container is copied
 * to the state folder first, since the pack asks no backend. One that cannot be read is told, and its evidence is then
 * missing: where evidence counts, that refuses.
 *
 * @param container @default - the one that the stack's settings name
 */
export async function withEvidence(
  source: EvidenceSource,
  container = evidenceContainerOf(source),
): Promise<NodeJS.ProcessEnv> {
  const { workspace, stack, user, say } = source;
  if (container === undefined || user[evidenceFolderVariable]) return user;
  const folder = join(workspace.stateDir, "evidence-copies", stack);
  try {
    await container.copyTo(folder);
    return { ...user, [evidenceFolderVariable]: folder };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say?.(`warning: ${error.message}. ${error.mend ?? ""}`.trim());
    return user;
  }
}
