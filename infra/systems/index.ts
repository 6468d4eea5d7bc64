import type { DeclarableSystem, SystemSettings } from "../settings";
import type { PlatformServices } from "./platform/services";

/** Outputs of a system's stack: what the next human or tool needs. */
export type SystemOutputs = Readonly<Record<string, unknown>>;

/** What the systems of a stack give each other; `platform` fills it in, being declared first. */
export interface SystemContext {
  /** Absent when the stack does not carry `platform`. */
  platform?: PlatformServices;
}

type Declare<System extends DeclarableSystem> = (
  settings: SystemSettings<System>,
  context: SystemContext,
) => SystemOutputs | Promise<SystemOutputs>;

/** How each system is declared. Loaded when a stack carries it: a system brings the classes of its resources along. */
export const systemLoaders: { readonly [System in DeclarableSystem]: () => Promise<Declare<System>> } = {
  platform: async () => (await import("./platform/platform.js")).declarePlatform,
  "kirana-inventory": async () =>
    (await import("./kirana-inventory/kirana-inventory.js")).declareKiranaInventory,
  "tesoro-xp": async () => (await import("./tesoro-xp/tesoro-xp.js")).declareTesoroXp,
  "kirana-store": async () => (await import("./kirana-store/kirana-store.js")).declareKiranaStore,
  "retail-agentic": async () => (await import("./retail-agentic/retail-agentic.js")).declareRetailAgentic,
  "case-management": async () => (await import("./case-management/case-management.js")).declareCaseManagement,
};
