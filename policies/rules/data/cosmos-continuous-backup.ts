import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, oneOf, propertyRule } from "../../property-rule";
import { kirana } from "../../systems";

/** Longer tiers satisfy a contract that asks for a shorter one. An absent tier is seven days on some API versions. */
const tiers = ["Continuous7Days", "Continuous30Days"] as const;

const { backup } = kirana.contract.cosmos;

export const cosmosContinuousBackup = propertyRule({
  name: "cosmos-continuous-backup",
  topic: "data",
  displayName: "Cosmos DB can be restored to any point in time",
  description: "A Cosmos DB account has continuous backup in the tier that its contract asks for.",
  severity: "critical",
  ids: ["KIR-039", "KIR-111"],
  conflicts: [18, 29],
  framework: benchmark("BR-1"),
  remediationSteps:
    "Declare backupPolicy { type: Continuous, continuousModeProperties: { tier: Continuous30Days } } on the account.",
  types: [azure.cosmosAccount],
  properties: [
    { path: "backupPolicy.type", expected: equals(backup.mode) },
    {
      path: "backupPolicy.continuousModeProperties.tier",
      expected: oneOf(...tiers.slice(tiers.indexOf(backup.tier))),
    },
  ],
});
