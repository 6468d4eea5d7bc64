import { PolicyPack } from "@pulumi/policy";
import { DeclaredInputs } from "./declared-inputs";
import { policyOf } from "./policy";
import { rules } from "./registry";
import { shareDeserialization } from "./shared-deserialization";

shareDeserialization();

const inputs = new DeclaredInputs();

new PolicyPack("switchyard", {
  displayName: "Switchyard",
  description: "What the deployment runbooks demand of a stack before anything of it is changed.",
  enforcementLevel: "mandatory",
  policies: rules.map((rule) => policyOf(rule, inputs)),
});
