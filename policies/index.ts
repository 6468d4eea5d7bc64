import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import * as structs from "google-protobuf/google/protobuf/struct_pb";
import { DeclaredInputs } from "./declared-inputs";
import { exchangeStructsPlainly, type StructModule } from "./plain-structs";
import { policyOf, runPolicyOf } from "./policy";
import { rules } from "./registry";
import { PolicyRun } from "./run/policy-run";
import { runRules } from "./run/run-rules";
import { runKeys, settingsOfEngine } from "./run/run-settings";
import { type StackConfiguration, stackConfiguration } from "./run/stack-configuration";
import { Analyses } from "./serving/analyses";
import { PackConfiguration } from "./serving/configuration";
import { answerCalls } from "./serving/pack-server";

exchangeStructsPlainly(structs as unknown as StructModule);

const name = "switchyard";
// The engine starts a pack in the folder that holds its PulumiPolicy.yaml.
const folder = process.cwd();
const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };

let told: StackConfiguration | undefined;
const run = new PolicyRun(settingsOfEngine(process.env, folder, () => told));
const inputs = new DeclaredInputs();
const policies = [
  ...rules.map((rule) => policyOf(rule, inputs, run)),
  ...runRules.map((rule) => runPolicyOf(rule, run)),
];

const configuration = new PackConfiguration();
answerCalls({
  analyses: new Analyses({ name, version }, policies, configuration),
  configured: (request) => configuration.take(request),
  stackConfigured: (request) => {
    told = stackConfiguration(request, runKeys);
  },
});

new PolicyPack(name, {
  displayName: "Switchyard",
  description: "What the deployment runbooks demand of a stack before anything of it is changed.",
  enforcementLevel: "mandatory",
  policies,
});
