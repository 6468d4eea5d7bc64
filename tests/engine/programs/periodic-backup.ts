import * as pulumi from "@pulumi/pulumi";

// The project's own program, with the backup mode of the database that KIR-039 forbids.
pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
  type === "azure-native:cosmosdb:DatabaseAccount"
    ? {
        props: {
          ...props,
          backupPolicy: {
            type: "Periodic",
            periodicModeProperties: { backupIntervalInMinutes: 240, backupRetentionIntervalInHours: 8 },
          },
        },
        opts,
      }
    : undefined,
);

export = require("../../../infra/index");
