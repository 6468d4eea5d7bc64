import { besideDatabase } from "../../azure/sql";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, required } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { tesoro } from "../../systems";
import { type Finding, judged, violation } from "../../verdict";

const { minimumTlsVersion } = tesoro.contract.database;

export const sqlEncrypted = stackRule({
  name: "sql-encrypted",
  topic: "data",
  displayName: "An SQL database is encrypted on its way and at rest",
  description:
    "Every SQL server refuses TLS versions below the contract's, and every database is encrypted on its disks.",
  severity: "high",
  ids: ["TES-048"],
  framework: benchmark("DP-3"),
  remediationSteps:
    "Declare minimalTlsVersion on the server, and a TransparentDataEncryption with state Enabled for each database.",
  presence: azure.sqlServer,
  evaluate(stack) {
    return judged([
      ...judgeEach(stack.ofType(azure.sqlServer), (server) => server.urn, judgeServer),
      ...judgeEach(
        stack.ofType(azure.sqlDatabase),
        (database) => database.urn,
        (database) => judgeDatabase(stack, database),
      ),
    ]);
  },
});

function judgeServer(server: DeclaredResource): readonly Finding[] {
  const found = required(server, "minimalTlsVersion");
  if (typeof found === "string" && /^\d\.\d$/.test(found) && Number(found) >= Number(minimumTlsVersion))
    return [];
  return [
    violation(
      server.urn,
      `minimalTlsVersion must be ${JSON.stringify(minimumTlsVersion)} or newer, found ${describe(found)}`,
    ),
  ];
}

function judgeDatabase(stack: StackView, database: DeclaredResource): readonly Finding[] {
  const [encryption] = besideDatabase(stack, database, azure.sqlEncryption);
  if (!encryption) return [violation(database.urn, "its encryption at rest is not declared")];
  return judgeEach(
    [encryption],
    () => encryption.urn,
    () => {
      const state = required(encryption, "state");
      if (state === "Enabled") return [];
      return [violation(encryption.urn, `state must be "Enabled", found ${describe(state)}`)];
    },
  );
}
