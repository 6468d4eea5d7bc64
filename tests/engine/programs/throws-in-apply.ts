import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import { registerCheaply } from "../../../infra/registration";
import { correctSdkSourceMaps } from "../../../infra/sdk-source-maps";

correctSdkSourceMaps();
registerCheaply();

const group = new ResourceGroup("group", { resourceGroupName: "test-rg", location: "westus2" });

export const name = group.location.apply((location) => refuse(location));

function refuse(location: string): string {
  throw new Error(`the program has a fault in ${location}`);
}
