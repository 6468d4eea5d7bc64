import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";

// Secrets in places where the providers refuse any value but a few; each test chooses one.
const secret = new pulumi.Config("test").requireSecret("secret");
const account = { resourceGroupName: "test-rg", location: "westus2", kind: "StorageV2" };
const places: Record<string, () => unknown> = {
  enumeration: () =>
    new StorageAccount("a", { ...account, sku: { name: "Standard_LRS" }, minimumTlsVersion: secret }),
  nested: () =>
    new StorageAccount("a", {
      ...account,
      sku: { name: secret },
      networkRuleSet: { defaultAction: secret as unknown as pulumi.Input<never> },
    }),
  location: () => new ResourceGroup("g", { resourceGroupName: secret, location: secret }),
  number: () => new RandomPassword("r", { length: secret as unknown as pulumi.Input<number> }),
};
places[new pulumi.Config("test").require("place")]?.();
