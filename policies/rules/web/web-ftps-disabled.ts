import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const webFtpsDisabled = propertyRule({
  name: "web-ftps-disabled",
  topic: "web",
  displayName: "No file transfer to a site",
  description:
    "FTP and FTPS are off on a site and its slots: a file transfer would bypass every gate of the release.",
  severity: "high",
  ids: ["KIR-066", "KIR-016"],
  framework: benchmark("DP-3"),
  remediationSteps: "Declare siteConfig.ftpsState: Disabled on the site and on the slot.",
  types: [azure.site, azure.slot],
  properties: [{ path: "siteConfig.ftpsState", expected: equals("Disabled") }],
});
