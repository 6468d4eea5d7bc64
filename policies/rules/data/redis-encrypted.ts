import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, oneOf, propertyRule } from "../../property-rule";

export const redisEncrypted = propertyRule({
  name: "redis-encrypted",
  topic: "data",
  displayName: "Redis speaks TLS only",
  description: "A Redis cache accepts TLS 1.2 or newer, and its database no clear text.",
  severity: "high",
  ids: ["STO-048", "STO-091", "RET-016", "CAS-027"],
  framework: benchmark("DP-3"),
  remediationSteps: "Declare minimumTlsVersion on the cache and clientProtocol: Encrypted on its database.",
  types: [azure.redisCache, azure.redisDatabase],
  properties: (resource) =>
    resource.type === azure.redisCache
      ? [{ path: "minimumTlsVersion", expected: oneOf("1.2", "1.3") }]
      : [{ path: "clientProtocol", expected: equals("Encrypted") }],
});
