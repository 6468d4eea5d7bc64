import { join } from "node:path";
import { languageHostBundle } from "../../../local/toolchain/language-host-choice";
import { systemsOfStack } from "../../stack-settings";
import type { Workspace } from "../../workspace";
import { AheadProcess } from "./ahead-process";

/** The program of a stack and the policy pack, loaded: a language host of this project with a process for each. */
export function programAhead(
  workspace: Workspace,
  stack: string,
  environment: Readonly<Record<string, string>>,
): AheadProcess {
  const program = join(workspace.dist, "infra", "ahead.js");
  return new AheadProcess({
    argv: [
      languageHostBundle(),
      "--ahead",
      workspace.policyPack,
      program,
      ...systemsOfStack(workspace, stack),
    ],
    cwd: workspace.root,
    environment,
    variablesOf: (port) => ({ PULUMI_DEBUG_LANGUAGES: `nodejs:${port}` }),
  });
}
