import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, oneOf, propertyRule } from "../../property-rule";

export const storageEncryptedTransport = propertyRule({
  name: "storage-encrypted-transport",
  topic: "storage",
  displayName: "Storage is reached over TLS 1.2 or newer",
  description: "A storage account answers HTTPS only, with TLS 1.2 or newer.",
  severity: "high",
  ids: ["KIR-016", "KIR-034", "STO-048"],
  framework: benchmark("DP-3"),
  remediationSteps: "Declare enableHttpsTrafficOnly: true and minimumTlsVersion: TLS1_2 on the account.",
  types: [azure.storageAccount],
  properties: [
    { path: "enableHttpsTrafficOnly", expected: equals(true) },
    { path: "minimumTlsVersion", expected: oneOf("TLS1_2", "TLS1_3") },
  ],
});
