import { PolicyPack } from "@pulumi/policy";
import * as structs from "google-protobuf/google/protobuf/struct_pb";
import { DeclaredInputs } from "./declared-inputs";
import { offerNoRemediation } from "./no-remediation";
import { exchangeStructsPlainly, type StructModule } from "./plain-structs";
import { policyOf, runPolicyOf } from "./policy";
import { rules } from "./registry";
import { PolicyRun } from "./run/policy-run";
import { runRules } from "./run/run-rules";
import { runKeys, settingsOfEngine } from "./run/run-settings";
import { overhearConfiguration, type StackConfiguration } from "./run/stack-configuration";
import { shareDeserialization } from "./shared-deserialization";

exchangeStructsPlainly(structs as unknown as StructModule);
shareDeserialization();
offerNoRemediation();

const inputs = new DeclaredInputs();
// The engine starts a pack in the folder that holds its PulumiPolicy.yaml.
let told: StackConfiguration | undefined;
overhearConfiguration(runKeys, (configuration) => {
  told = configuration;
});
const run = new PolicyRun(settingsOfEngine(process.env, process.cwd(), () => told));

new PolicyPack("switchyard", {
  displayName: "Switchyard",
  description: "What the deployment runbooks demand of a stack before anything of it is changed.",
  enforcementLevel: "mandatory",
  policies: [
    ...rules.map((rule) => policyOf(rule, inputs, run)),
    ...runRules.map((rule) => runPolicyOf(rule, run)),
  ],
});
