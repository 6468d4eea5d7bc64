import { homedir } from "node:os";
import { join } from "node:path";

/** Path of a kubeconfig as a setting has it, `~/` being the home folder: the provider takes that for a kubeconfig's text. */
export function kubeconfigPath(setting: string, home: string = homedir()): string {
  return setting.startsWith("~/") ? join(home, setting.slice(2)) : setting;
}
