import { existsSync } from "node:fs";
import { PolicyRun } from "../../policies/run/policy-run";
import { runSettings } from "../../policies/run/run-settings";
import { stackFile } from "../stack-files";
import { readStackConfig } from "../stack-settings";
import type { Workspace } from "../workspace";

/**
 * The pack's exemptions and evidence as the engine's run of it would find them, for a stack of this checkout. A stack
 * without a file has no settings, so nothing can be verified for it.
 *
 * @throws UserError when the stack's file cannot be read.
 */
export function policyRunOf(workspace: Workspace, stack: string, environment: NodeJS.ProcessEnv): PolicyRun {
  const config = existsSync(stackFile(workspace, stack)) ? readStackConfig(workspace, stack) : {};
  return new PolicyRun(
    runSettings({
      stack,
      config,
      packFolder: workspace.policyPack,
      projectFolder: workspace.root,
      environment,
    }),
  );
}
