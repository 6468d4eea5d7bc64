import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { UserError } from "../../local/user-error";
import type { Workspace } from "../workspace";
import { hasLocalExports } from "./environment";

/**
 * Asks for a state backend before the engine does, which would speak of an access token of Pulumi Cloud only. Whether
 * the login is good enough, the engine finds out.
 *
 * @throws UserError when neither the environment, nor Pulumi.yaml, nor an earlier `pulumi login` names a backend; and
 *   in a shell that has dev's exports, whose backend and plugins are the local ones.
 */
export function requireBackend(workspace: Workspace, user: NodeJS.ProcessEnv): void {
  if (hasLocalExports(workspace, user)) {
    throw new UserError(
      "This shell has the exports of npx switchyard env: they are for the dev stack only.",
      {
        mend: `Use another shell, or take them back: eval "$(npx switchyard env --stack STACK)", then name the backend again.`,
      },
    );
  }
  if (user.PULUMI_BACKEND_URL || user.PULUMI_ACCESS_TOKEN) return;
  const project = parse(readFileSync(join(workspace.root, "Pulumi.yaml"), "utf8")) as {
    backend?: { url?: string };
  };
  if (project.backend?.url || loggedIn(user)) return;
  throw new UserError("No state backend is chosen: this stack's state cannot be read.", {
    mend:
      "export PULUMI_BACKEND_URL='azblob://<container>?storage_account=<account>' and log in with az login (README, " +
      '"Staging and production"). Without either: npx switchyard preview --stack <stack> --offline.',
  });
}

function loggedIn(user: NodeJS.ProcessEnv): boolean {
  const home = user.PULUMI_HOME || join(user.HOME || homedir(), ".pulumi");
  try {
    const { current } = JSON.parse(readFileSync(join(home, "credentials.json"), "utf8")) as {
      current?: string;
    };
    return Boolean(current);
  } catch (error) {
    // A file that is damaged is for the engine to complain about.
    return (error as NodeJS.ErrnoException).code !== "ENOENT";
  }
}
