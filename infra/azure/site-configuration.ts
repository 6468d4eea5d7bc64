/** What site and slot have in common. It is one function, so that a swap carries nothing that differs. */
export interface SiteConfigurationArgs {
  /** `NODE|22` of a function app, `NODE|22-lts` of a web app: each host has a list of its own. */
  readonly linuxFxVersion: string;
  readonly healthPath: string;
  readonly minimumTlsVersion: "1.2" | "1.3";
}

/**
 * Site configuration without anything that decides about traffic: `experiments` and `autoSwapSlotName` belong to the
 * release. Nothing here may ever stand in `ignoreChanges`: an update would then send the old value, an old ramp weight
 * with it.
 */
export function siteConfiguration({ linuxFxVersion, healthPath, minimumTlsVersion }: SiteConfigurationArgs) {
  return {
    linuxFxVersion,
    alwaysOn: true,
    http20Enabled: true,
    minTlsVersion: minimumTlsVersion,
    scmMinTlsVersion: minimumTlsVersion,
    ftpsState: "Disabled",
    healthCheckPath: healthPath,
    remoteDebuggingEnabled: false,
    use32BitWorkerProcess: false,
    vnetRouteAllEnabled: true,
    webSocketsEnabled: false,
  } as const;
}

/** What runs the code. */
export type AppHost =
  | {
      readonly kind: "functions";
      /** The host's own storage. */
      readonly storageAccountName: string;
      /** Functions with other triggers than HTTP: off on the slot. */
      readonly backgroundFunctions: readonly string[];
    }
  | { readonly kind: "web" };

export interface AppSettingsArgs {
  readonly host: AppHost;
  readonly healthPath: string;
  readonly warmUpStatuses: readonly number[];
  /** Settings of the app itself: constants and vault references. */
  readonly app: Readonly<Record<string, string>>;
}

/** Settings that are the same on both sides; a swap moves them and changes nothing. */
export function sharedAppSettings(args: AppSettingsArgs): Readonly<Record<string, string>> {
  return {
    ...args.app,
    ...hostSettings(args.host),
    WEBSITE_RUN_FROM_PACKAGE: "1",
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: "Authorization=AAD",
    WEBSITE_SWAP_WARMUP_PING_PATH: args.healthPath,
    // Without the list any answer counts as warm, an error page too.
    WEBSITE_SWAP_WARMUP_PING_STATUSES: args.warmUpStatuses.join(","),
  };
}

function hostSettings(host: AppHost): Readonly<Record<string, string>> {
  // The agent that reports requests and exceptions of a web app, without a line of code in it.
  if (host.kind === "web") return { ApplicationInsightsAgent_EXTENSION_VERSION: "~3" };
  return {
    FUNCTIONS_EXTENSION_VERSION: "~4",
    FUNCTIONS_WORKER_RUNTIME: "node",
    // The host's own storage by the identity of each side, without an account key.
    AzureWebJobsStorage__accountName: host.storageAccountName,
    AzureWebJobsStorage__credential: "managedidentity",
  };
}

export type Side = "live" | "idle";

/**
 * Settings that stay with their slot. Functions with other triggers than HTTP would run on both sides: the slot keeps
 * them off until its code is swapped into the site, whose own switch is on.
 */
export function stickyAppSettings(
  roleName: string,
  host: AppHost,
  side: Side,
): Readonly<Record<string, string>> {
  const backgroundFunctions = host.kind === "functions" ? host.backgroundFunctions : [];
  const switches = backgroundFunctions.map((name) => [
    `AzureWebJobs.${name}.Disabled`,
    side === "idle" ? "true" : "false",
  ]);
  return {
    // Telemetry says which side it is from. The alerts count both: in a ramp users are on the slot too.
    WEBSITE_CLOUD_ROLENAME: roleName,
    ...Object.fromEntries(switches),
  };
}
