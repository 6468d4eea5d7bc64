import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const webPublishingCredentialsOff = propertyRule({
  name: "web-publishing-credentials-off",
  topic: "web",
  displayName: "No deployment with user name and password",
  description: "Basic publishing credentials are refused for FTP and for the deployment endpoint.",
  severity: "high",
  ids: ["KIR-016", "KIR-066"],
  framework: benchmark("IM-8"),
  remediationSteps:
    "Declare allow: false on WebAppFtpAllowed and WebAppScmAllowed and on their slot counterparts.",
  types: [azure.siteFtpAllowed, azure.slotFtpAllowed, azure.siteScmAllowed, azure.slotScmAllowed],
  properties: [{ path: "allow", expected: equals(false) }],
});
