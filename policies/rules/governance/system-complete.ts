import { appSystems } from "../../app-systems";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { requiredText } from "../../read";
import { systemsRule } from "../../system-rule";
import { violation } from "../../verdict";

export const systemComplete = systemsRule({
  name: "system-complete",
  topic: "governance",
  displayName: "No rule falls silent because its resource is gone",
  description: "A stack that carries the system declares all parts of the runbook's architecture.",
  severity: "critical",
  ids: [
    "KIR-007",
    "KIR-008",
    "KIR-028",
    "KIR-031",
    "KIR-036",
    "KIR-065",
    "KIR-081",
    "TES-004",
    "TES-025",
    "TES-027",
    "TES-029",
    "TES-048",
    "TES-049",
    "TES-059",
  ],
  remediationSteps: "Declare the missing part, or take the whole system out of the stack's list.",
  systems: appSystems,
  findings(system, { parts }) {
    const missing = parts
      .filter(({ type }) => system.ofType(type).length === 0)
      .map(({ what }) => violation(system.urn, `no ${what} is declared`));
    const blobServices = system.ofType(azure.blobService);
    const bare = judgeEach(
      system.ofType(azure.storageAccount),
      (account) => account.urn,
      (account) => {
        const name = requiredText(account, "accountName");
        if (blobServices.some((service) => requiredText(service, "accountName") === name)) return [];
        return [violation(account.urn, "no BlobServiceProperties are declared for it")];
      },
    );
    return [...missing, ...bare];
  },
});
