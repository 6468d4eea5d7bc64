import { besideServer } from "../../azure/sql";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, judged, violation } from "../../verdict";

const directory = "ActiveDirectory";
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const sqlEntraAdmin = stackRule({
  name: "sql-entra-admin",
  topic: "data",
  displayName: "People sign in to an SQL database as themselves",
  description:
    "Every SQL server has an administrator in Entra, and says whether its login with a password may sign in too.",
  severity: "high",
  ids: ["TES-048", "TES-050"],
  framework: benchmark("IM-1"),
  remediationSteps:
    "Declare ServerAzureADAdministrator with the group's object id, and ServerAzureADOnlyAuthentication.",
  presence: azure.sqlServer,
  evaluate(stack) {
    return judged(
      judgeEach(
        stack.ofType(azure.sqlServer),
        (server) => server.urn,
        (server) => [...judgeAdministrator(stack, server), ...judgeSignIn(stack, server)],
      ),
    );
  },
});

function judgeAdministrator(stack: StackView, server: DeclaredResource): readonly Finding[] {
  const [administrator] = besideServer(stack, server, azure.sqlAdministrator);
  if (!administrator) return [violation(server.urn, "no administrator in Entra is declared")];
  return judgeEach(
    ["administratorType", "sid"] as const,
    () => administrator.urn,
    (path) => {
      const found = requiredText(administrator, path);
      if (path === "sid" ? guid.test(found) : found === directory) return [];
      const wanted = path === "sid" ? "an object id, a GUID" : JSON.stringify(directory);
      return [violation(administrator.urn, `${path} must be ${wanted}, found ${describe(found)}`)];
    },
  );
}

function judgeSignIn(stack: StackView, server: DeclaredResource): readonly Finding[] {
  const [signIn] = besideServer(stack, server, azure.sqlEntraOnly);
  if (!signIn) return [violation(server.urn, "it is not declared whether passwords sign in")];
  return judgeEach(
    [signIn],
    () => signIn.urn,
    () => {
      const found = required(signIn, "azureADOnlyAuthentication");
      if (typeof found === "boolean") return [];
      return [
        violation(signIn.urn, `azureADOnlyAuthentication must be true or false, found ${describe(found)}`),
      ];
    },
  );
}
