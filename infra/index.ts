import * as pulumi from "@pulumi/pulumi";
import { registerCheaply } from "./registration";
import { correctSdkSourceMaps } from "./sdk-source-maps";

// Before any resource class is loaded and any resource is made.
correctSdkSourceMaps();
registerCheaply();

import { declareStack } from "./program";
import { type RawConfig, readSettings, type Settings, SettingsError } from "./settings";

const settings = settingsOfThisRun();
for (const { key, whatIsAsked } of settings.placeholders) {
  void pulumi.log.warn(`placeholder ${key}: ${whatIsAsked}`);
}

export = () => declareStack(settings);

function settingsOfThisRun(): Settings {
  const stack = pulumi.getStack();
  try {
    return readSettings(rawConfigOfThisRun(), {
      stack,
      offline: process.env.SWITCHYARD_OFFLINE_STACK === stack,
    });
  } catch (error) {
    // The message says it all; a stack would bury it.
    if (error instanceof SettingsError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

/** The engine hands a program all values, and in its environment the names of those that are secrets. */
function rawConfigOfThisRun(): RawConfig {
  const secretKeys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[];
  return { values: pulumi.runtime.allConfig(), secretKeys: new Set(secretKeys) };
}
