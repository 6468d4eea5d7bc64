import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, judged, violation } from "../../verdict";

const wanted: readonly { readonly name: string; readonly values: readonly string[] }[] = [
  { name: "require_secure_transport", values: ["on", "ON"] },
  { name: "ssl_min_protocol_version", values: ["TLSv1.2", "TLSv1.3"] },
];

export const postgresEncrypted = stackRule({
  name: "postgres-encrypted",
  topic: "data",
  displayName: "PostgreSQL speaks TLS 1.2 or newer only",
  description:
    "Every PostgreSQL server requires encrypted connections, by a version of TLS that is not retired.",
  severity: "high",
  ids: ["RET-018", "CAS-025"],
  framework: benchmark("DP-3"),
  remediationSteps: `Declare a Configuration of the server for ${wanted.map(({ name }) => name).join(" and ")}.`,
  presence: azure.postgresServer,
  evaluate(stack) {
    return judged(
      judgeEach(
        stack.ofType(azure.postgresServer),
        (server) => server.urn,
        (server) => judgeServer(stack, server),
      ),
    );
  },
});

function judgeServer(stack: StackView, server: DeclaredResource): readonly Finding[] {
  const serverName = requiredText(server, "serverName");
  const parameters = stack
    .ofType(azure.postgresParameter)
    .filter((parameter) => requiredText(parameter, "serverName") === serverName);
  return wanted.flatMap(({ name, values }) => {
    const parameter = parameters.find((candidate) => requiredText(candidate, "configurationName") === name);
    if (!parameter) return [violation(server.urn, `the parameter ${name} is not declared`)];
    const value = requiredText(parameter, "value");
    if (values.includes(value)) return [];
    return [violation(parameter.urn, `value of ${name} must be ${values[0]}, found ${describe(value)}`)];
  });
}
