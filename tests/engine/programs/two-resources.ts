import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import * as pulumi from "@pulumi/pulumi";

// The smallest program in which a setting updates in place, or replaces.
const config = new pulumi.Config("test");
const group = new ResourceGroup("group", { resourceGroupName: "test-rg", location: "westus2" });
const account = new StorageAccount("account", {
  accountName: config.get("accountName") ?? "testaccount",
  resourceGroupName: group.name,
  location: "westus2",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
  minimumTlsVersion: config.get("minimumTlsVersion") ?? "TLS1_2",
});

export const accountId = account.id;
export const blobEndpoint = account.primaryEndpoints.blob;
