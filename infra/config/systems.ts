import { caseManagementCrossFieldFaults } from "./case-management-cross-field";
import { type CaseManagementSettings, caseManagementSettings } from "./case-management-settings";
import type { SystemValues } from "./cross-field";
import type { SettingFault } from "./fault";
import { kiranaCrossFieldFaults } from "./kirana-cross-field";
import { type KiranaSettings, kiranaSettings } from "./kirana-settings";
import { kiranaStoreCrossFieldFaults } from "./kirana-store-cross-field";
import { type KiranaStoreSettings, kiranaStoreSettings } from "./kirana-store-settings";
import { platformCrossFieldFaults } from "./platform-cross-field";
import { type PlatformSettings, platformSettings } from "./platform-settings";
import { retailCrossFieldFaults } from "./retail-cross-field";
import { type RetailSettings, retailSettings } from "./retail-settings";
import type { SettingTable } from "./setting";
import type { DeclarableSystem } from "./system-names";
import { tesoroCrossFieldFaults } from "./tesoro-cross-field";
import { type TesoroSettings, tesoroSettings } from "./tesoro-settings";

interface SystemEntry<Own> {
  /** Settings in the namespace of the system's name. */
  readonly table: SettingTable;
  /** Faults between settings that are each right by themselves. */
  readonly crossFieldFaults: (values: SystemValues<Own>) => readonly SettingFault[];
}

/** Settings of each system, by its name. */
export interface OwnSettings {
  readonly platform: PlatformSettings;
  readonly "kirana-inventory": KiranaSettings;
  readonly "tesoro-xp": TesoroSettings;
  readonly "kirana-store": KiranaStoreSettings;
  readonly "retail-agentic": RetailSettings;
  readonly "case-management": CaseManagementSettings;
}

/** How the settings of each system are read. A stack is asked only for those of the systems that it carries. */
export const systemEntries: { readonly [System in DeclarableSystem]: SystemEntry<OwnSettings[System]> } = {
  platform: { table: platformSettings, crossFieldFaults: platformCrossFieldFaults },
  "kirana-inventory": { table: kiranaSettings, crossFieldFaults: kiranaCrossFieldFaults },
  "tesoro-xp": { table: tesoroSettings, crossFieldFaults: tesoroCrossFieldFaults },
  "kirana-store": { table: kiranaStoreSettings, crossFieldFaults: kiranaStoreCrossFieldFaults },
  "retail-agentic": { table: retailSettings, crossFieldFaults: retailCrossFieldFaults },
  "case-management": { table: caseManagementSettings, crossFieldFaults: caseManagementCrossFieldFaults },
};
