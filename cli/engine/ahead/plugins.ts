import { join } from "node:path";
import type { Workspace } from "../../workspace";
import { AheadProcess } from "./ahead-process";

/**
 * The plugins that are this project's own where nothing is real (dev, offline previews), in one process: the engine would
 * start three, one after another, each when its first resource comes.
 */
export function pluginsAhead(
  workspace: Workspace,
  environment: Readonly<Record<string, string>>,
): AheadProcess {
  return new AheadProcess({
    argv: [join(workspace.dist, "cli", "engine", "ahead", "plugins-main.js")],
    cwd: workspace.root,
    environment,
    variablesOf: (line) => {
      const ports = Object.entries(JSON.parse(line) as Record<string, number>);
      return { PULUMI_DEBUG_PROVIDERS: ports.map(([name, port]) => `${name}:${port}`).join(",") };
    },
  });
}
