import { UserError } from "../../release/user-error";
import { readStackConfig } from "../stack-settings";
import type { Workspace } from "../workspace";

/**
 * Settings of a stack by the names that contracts use: `tesoro-xp:stakeholderEmails`, or with dots into one,
 * `kirana-inventory:contacts.productManager.contact`. Read anew each time.
 */
export function settingOf(workspace: Workspace, stack: string): (name: string) => Promise<unknown> {
  return async (name) => {
    const [, key = name, path = ""] = /^([\w-]+:[\w-]+)(?:\.(.+))?$/.exec(name) ?? [];
    let value: unknown = readStackConfig(workspace, stack)[key];
    for (const part of path.split(".").filter(Boolean)) {
      value = isMap(value) ? value[part] : undefined;
    }
    if (isMap(value) && "secure" in value)
      throw new UserError(`${name} of ${stack} is encrypted, and a release opens no encrypted setting`, {
        mend: "put it into the system's vault",
      });
    if (typeof value === "string" && /^<\s*owner/.test(value))
      throw new UserError(`${name} of ${stack} is still a placeholder`, {
        mend: `pulumi config set ${name} --stack ${stack}`,
      });
    return value;
  };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
