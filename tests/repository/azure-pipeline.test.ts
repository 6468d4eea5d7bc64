// The pipeline is read as data. Its `${{ each }}` and conditions only Azure Pipelines evaluates.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/root";
import { commandLine, faultOf, switchyardLines } from "./support/command-lines";
import { expression, mappingsIn, pipeline, pipelineText } from "./support/workflow-files";

const mappings = [...mappingsIn(pipeline)];
const scripts = mappings
  .flatMap(({ script, inlineScript }) => [script, inlineScript])
  .filter((script): script is string => typeof script === "string");

/** Azure takes a job for an item with `job` or `deployment`. */
const jobs = mappings.filter((item) => "job" in item || "deployment" in item);

describe("the pipeline for Azure DevOps", () => {
  it("has a stage for each of preview, policy check, drift, deployment, and what releases and incidents need", () => {
    const stages = mappings.map(({ stage }) => stage).filter((name) => name !== undefined);
    assert.deepEqual(stages, [
      "preview_of_fork",
      "preview",
      "policy_check",
      "drift",
      `changes_${expression("stack")}`,
      `deploy_${expression("stack")}`,
      "incident_watch",
      "release_resume",
      "release_followups",
    ]);
  });

  it("climbs ladders, goes on with releases that were left, and looks at what is due after them, as the workflows do", () => {
    const schedules = mappings.filter((item) => "cron" in item).map(({ displayName }) => String(displayName));
    for (const [name, schedule, command] of [
      ["incident_watch", "Releases", "incident watch --once"],
      ["incident_watch", "Releases", "release schedule --send-due"],
      ["release_resume", "Releases", "release resume"],
      ["release_followups", "Follow-ups", "release followups --look"],
    ] as const) {
      const stage = mappings.find((item) => item.stage === name);
      const condition = String(stage?.condition);
      assert.ok(schedules.includes(schedule));
      assert.ok(condition.includes(`eq(variables['Build.CronSchedule.DisplayName'], '${schedule}')`), name);
      assert.match(condition, /eq\(variables\['SWITCHYARD_RELEASES'\], 'on'\)/);
      const inside = [...mappingsIn(stage)];
      assert.ok(
        inside.some(({ inlineScript }) => String(inlineScript).includes(`switchyard ${command} --stack`)),
      );
      assert.ok(
        inside.some((item) => item.azureSubscription === `switchyard-${expression("stack")}-release`),
      );
      assert.ok(inside.some((item) => item.SWITCHYARD_OPERATOR_KEY === "$(SWITCHYARD_OPERATOR_KEY)"));
    }
  });

  it("runs one thing per schedule: drift is looked for at night only", () => {
    const drift = mappings.find(({ stage }) => stage === "drift");
    assert.match(String(drift?.condition), /DisplayName'\], 'Drift'\)/);
    assert.doesNotMatch(pipelineText, /'Schedule'/);
  });

  it("uses only commands and options that the command line has", () => {
    const known = commandLine();
    const lines = scripts.flatMap(switchyardLines);
    assert.ok(lines.length >= 6);
    const faults = lines.map((words) => faultOf(words, known)).filter((fault) => fault !== undefined);
    assert.deepEqual(faults, []);
  });

  it("puts no variable or expression into a script", () => {
    assert.ok(scripts.length > 10);
    assert.deepEqual(
      scripts.filter((script) => /\$\{\{|\$\(\w+(\.\w+)*\)|\$\[/.test(script)),
      [],
    );
  });

  it("ends: every job has a time limit", () => {
    assert.equal(jobs.length, 10);
    for (const item of jobs)
      assert.equal(typeof item.timeoutInMinutes, "number", String(item.job ?? item.deployment));
  });

  it("gives a fork neither a login, nor variables, nor the job's token", () => {
    const fork = mappings.find(({ stage }) => stage === "preview_of_fork");
    const inside = JSON.stringify(fork);
    assert.match(inside, /--offline/);
    assert.doesNotMatch(inside, /AzureCLI|"group"|AccessToken/);
    const others = mappings.filter((item) => "job" in item && JSON.stringify(item).includes("AzureCLI"));
    assert.equal(others.length, 7);
    assert.match(JSON.stringify(mappings.find(({ stage }) => stage === "preview")), /ne\([^)]*IsFork/);
    const check = mappings.find(({ job }) => String(job).startsWith("recorded"));
    assert.match(String(check?.condition), /IsFork/);
  });

  it("changes a stack only in its environment, through its own service connection, one run after the other", () => {
    const changing = jobs.filter((item) => /switchyard up\b/.test(JSON.stringify(item)));
    assert.equal(changing.length, 1);
    assert.equal(changing[0]?.environment, expression("stack"));
    const connections = new Set(
      mappings.map((item) => item.azureSubscription).filter((name) => name !== undefined),
    );
    assert.deepEqual([...connections].sort(), [
      `switchyard-${expression("stack")}`,
      `switchyard-${expression("stack")}-preview`,
      `switchyard-${expression("stack")}-release`,
    ]);
    const update = [...mappingsIn(changing[0])].map((item) => item.azureSubscription);
    assert.ok(update.includes(`switchyard-${expression("stack")}`));
    const stage = mappings.find((item) => String(item.stage).startsWith("deploy_"));
    assert.equal(stage?.lockBehavior, "sequential");
    const shown = mappings.find((item) => String(item.stage).startsWith("changes_"));
    assert.match(String(shown?.condition), /refs\/heads\/main/);
    assert.equal(stage?.dependsOn, shown?.stage);
  });

  it("updates a stack by the changes that its preview showed before the approval, and by no others", () => {
    const preview = mappings.find(({ job }) => job === "preview");
    assert.match(JSON.stringify(preview), /--changes-digest/);
    const [up] = jobs.filter((item) => "deployment" in item);
    assert.match(JSON.stringify(up), /--approved \\"\$CHANGES\\"/);
    const { name } = [...mappingsIn(preview)].find(({ task }) => task === "AzureCLI@2") ?? {};
    assert.match(
      String(up && JSON.stringify(up.variables)),
      new RegExp(`preview\\.outputs\\['${String(name)}\\.digest'\\]`),
    );
  });

  it("takes a Node that package.json allows", () => {
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      engines: { node: string };
    };
    const floor = Number(/^>=(\d+)/.exec(engines.node)?.[1]);
    const versions = [...pipelineText.matchAll(/version: "(\d+)\.x"/g)].map(([, major]) => Number(major));
    assert.ok(versions.length > 0 && versions.every((major) => major > floor));
  });

  it("stores no secret: logins are federated, and nothing is named after a key or password", () => {
    assert.doesNotMatch(pipelineText, /password|client_?secret|servicePrincipalKey/i);
  });
});
