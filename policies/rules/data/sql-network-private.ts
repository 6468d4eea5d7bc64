import { armIdOf, comparableId } from "../../azure/arm-id";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, objectsAt, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, judged, violation } from "../../verdict";

export const sqlNetworkPrivate = stackRule({
  name: "sql-network-private",
  topic: "data",
  displayName: "An SQL server has no public address",
  description: "Every SQL server refuses public access and has a private endpoint.",
  severity: "critical",
  ids: ["TES-048"],
  framework: benchmark("NS-2"),
  remediationSteps:
    "Declare publicNetworkAccess: Disabled and a PrivateEndpoint whose connection names the server.",
  presence: azure.sqlServer,
  evaluate(stack) {
    return judged(
      judgeEach(
        stack.ofType(azure.sqlServer),
        (server) => server.urn,
        (server) => [...judgeEach([server], () => server.urn, judgeAccess), ...judgeEndpoint(stack, server)],
      ),
    );
  },
});

function judgeAccess(server: DeclaredResource): readonly Finding[] {
  const found = required(server, "publicNetworkAccess");
  if (found === "Disabled") return [];
  return [violation(server.urn, `publicNetworkAccess must be "Disabled", found ${describe(found)}`)];
}

function judgeEndpoint(stack: StackView, server: DeclaredResource): readonly Finding[] {
  const id = armIdOf(server);
  const reached = stack
    .ofType(azure.privateEndpoint)
    .flatMap((endpoint) => objectsAt(endpoint, "privateLinkServiceConnections"))
    .some((connection) => comparableId(requiredText(connection, "privateLinkServiceId")) === id);
  return reached ? [] : [violation(server.urn, "no private endpoint leads to it")];
}
