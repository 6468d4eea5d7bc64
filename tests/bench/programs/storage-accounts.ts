import * as pulumi from "@pulumi/pulumi";
import { registerCheaply } from "../../../infra/registration";

// Before any resource class is loaded, as in the project's own program.
if (process.env.SWITCHYARD_PLAIN_REGISTRATION !== "1") registerCheaply();

async function main(): Promise<void> {
  const { StorageAccount } = await import("@pulumi/azure-native/storage/storageAccount.js");
  const count = new pulumi.Config("bench").requireNumber("count");
  for (let index = 0; index < count; index++) {
    new StorageAccount(`account${index}`, {
      accountName: `bench${index}`,
      resourceGroupName: "bench",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      minimumTlsVersion: "TLS1_2",
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      tags: { system: "bench", environment: "dev" },
    });
  }
}

export = main();
