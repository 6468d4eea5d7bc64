import { setConfigCommand } from "../../infra/config/config-command";
import { isJson } from "../../release/targets/json";
import { UserError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { prepareEngine, runInSession } from "../engine/session";
import { readStackConfig } from "../stack-settings";
import type { Workspace } from "../workspace";

/**
 * Settings of a stack by the names that contracts use: `tesoro-xp:stakeholderEmails`, or with dots into one,
 * `kirana-inventory:contacts.productManager.contact`. Read anew each time.
 *
 * @param decrypted the value of a setting that stands encrypted in the stack's file, which only the engine opens
 */
export function settingOf(
  workspace: Workspace,
  stack: string,
  decrypted: (key: string, path: string) => Promise<string>,
): (name: string) => Promise<unknown> {
  return async (name) => {
    const [, key = name, path = ""] = /^([\w-]+:[\w-]+)(?:\.(.+))?$/.exec(name) ?? [];
    let value: unknown = readStackConfig(workspace, stack)[key];
    for (const part of path.split(".").filter(Boolean)) {
      value = isJson(value) ? value[part] : undefined;
    }
    if (isJson(value) && "secure" in value) return decrypted(key, path);
    if (typeof value === "string" && /^<\s*owner/.test(value))
      throw new UserError(`${name} of ${stack} is still a placeholder`, {
        mend: setConfigCommand(name, { stack }),
      });
    return value;
  };
}

/** Asks the engine, with the user's login to the stack's key; the value goes into no log. */
export function decryptedBy(
  context: Pick<CommandContext, "workspace" | "progress" | "signal">,
  stack: string,
): (key: string, path: string) => Promise<string> {
  return async (key, path) => {
    const session = await prepareEngine({ ...context, mode: { kind: "remote" } });
    const named = path === "" ? [key] : ["--path", `${key}.${path}`];
    const argv = ["config", "get", ...named, "--stack", stack, "--non-interactive"];
    const { exitCode, stdout } = await runInSession(session, argv, { logFile: undefined });
    if (exitCode === 0) return stdout.trim();
    // What the engine says may repeat a part of the value.
    throw new UserError(`${key} of ${stack} could not be decrypted`, {
      mend: "whoever runs the release needs the stack's backend and its key in Key Vault (README, Staging and production)",
    });
  };
}
