import { besideSide, judgeEachSide } from "../../azure/sites";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, required } from "../../read";
import { stackRule } from "../../rule";
import { violation } from "../../verdict";

/** Absent means allowed: Azure's default is on. */
const switches = [
  { protocol: "FTP", types: [azure.siteFtpAllowed, azure.slotFtpAllowed] },
  { protocol: "the deployment endpoint", types: [azure.siteScmAllowed, azure.slotScmAllowed] },
];

export const webPublishingCredentialsOff = stackRule({
  name: "web-publishing-credentials-off",
  topic: "web",
  displayName: "No deployment with user name and password",
  description:
    "Basic publishing credentials of every site and slot are off, for FTP and for the deployment endpoint.",
  severity: "high",
  ids: ["KIR-016", "KIR-066"],
  framework: benchmark("IM-1"),
  remediationSteps:
    "Declare WebAppFtpAllowed and WebAppScmAllowed (and their slot counterparts) with allow: false for each side.",
  evaluate(stack) {
    return judgeEachSide(stack, (side) =>
      switches.flatMap(({ protocol, types }) => {
        const declared = besideSide(stack, side, ...types);
        if (declared.length === 0) {
          return [violation(side.urn, `basic credentials for ${protocol} are on: nothing declares them off`)];
        }
        return judgeEach(
          declared,
          (resource) => resource.urn,
          (resource) => {
            const allow = required(resource, "allow");
            if (allow === false) return [];
            return [violation(resource.urn, `allow must be false for ${protocol}, found ${describe(allow)}`)];
          },
        );
      }),
    );
  },
});
