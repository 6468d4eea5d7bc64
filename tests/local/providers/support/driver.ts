import { join } from "node:path";
import { localEndpoint } from "../../../../local/providers/azure-native/local-endpoint";
import { azureNative } from "../../../../local/providers/azure-native/provider";
import { LocalGuard } from "../../../../local/providers/guard";
import { randomProvider } from "../../../../local/providers/random/provider";
import { PluginDriver, type PluginOptions } from "../../../support/plugin-driver";

export { type Diffed, initFailureOf, urnOf } from "../../../support/plugin-driver";

/** Compiled beside these tests. */
export const ENTRY_DIR = join(__dirname, "..", "..", "..", "..");

type Name = "azure-native" | "random";

export type Driver = PluginDriver;

export const Driver = {
  /** The executable, as the engine starts it. */
  spawn(name: Name, options: PluginOptions & { command?: string[] } = {}): Promise<PluginDriver> {
    const main = join(ENTRY_DIR, "local", "providers", name, "main.js");
    return PluginDriver.ofProcess(options.command ?? [process.execPath, main], options);
  },

  /** The same server in this process: no start-up to wait for. */
  start(name: Name, options: PluginOptions = {}): Promise<PluginDriver> {
    const env = options.env ?? {};
    const stateDir = env.SWITCHYARD_STATE_DIR;
    const provider =
      name === "random" ? randomProvider : azureNative({ findEndpoint: localEndpoint(stateDir), stateDir });
    return PluginDriver.inProcess(provider, new LocalGuard(env), options);
  },
};
