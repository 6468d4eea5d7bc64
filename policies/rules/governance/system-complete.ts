import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { requiredText } from "../../read";
import { systemRule } from "../../system-rule";
import { kirana } from "../../systems";
import { judged, violation } from "../../verdict";

/** What the runbook's architecture consists of; a rule on a resource says nothing once the resource is gone. */
const parts = [
  { type: azure.workspace, what: "Log Analytics workspace" },
  { type: azure.applicationInsights, what: "Application Insights component" },
  { type: azure.cosmosAccount, what: "Cosmos DB account" },
  { type: azure.vault, what: "key vault" },
  { type: azure.storageAccount, what: "storage account" },
  { type: azure.plan, what: "plan" },
  { type: azure.site, what: "function app" },
  { type: azure.staticSite, what: "static web app" },
  { type: azure.actionGroup, what: "action group" },
];

export const systemComplete = systemRule({
  name: "system-complete",
  topic: "governance",
  displayName: "No rule falls silent because its resource is gone",
  description: "A stack that carries the system declares all parts of the runbook's architecture.",
  severity: "critical",
  ids: ["KIR-007", "KIR-008", "KIR-028", "KIR-031", "KIR-036", "KIR-065", "KIR-081"],
  remediationSteps: "Declare the missing part, or take the whole system out of the stack's list.",
  system: kirana,
  evaluate(system) {
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
    return judged([...missing, ...bare]);
  },
});
