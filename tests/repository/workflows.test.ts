// Workflows are read as data here; actionlint looks at their expressions (.ci/run). That GitHub runs them as meant, with
// its own tokens and approvals, only a repository on GitHub can show.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/root";
import { commandLine, faultOf, switchyardLines } from "./support/command-lines";
import { expression, job, jobs, type Step, setUpAction, workflows } from "./support/workflow-files";

const steps: { name: string; step: Step }[] = [
  ...jobs.flatMap(({ name, job: { steps: own } }) => (own ?? []).map((step) => ({ name, step }))),
  ...setUpAction.runs.steps.map((step) => ({ name: "set-up", step })),
];

describe("workflows of GitHub Actions", () => {
  it("are those that docs/ci.md describes, all of them", () => {
    const described = readFileSync(join(root, "docs", "ci.md"), "utf8");
    const missing = workflows
      .filter(({ file }) => !described.includes(`\`${file}\``))
      .map(({ file }) => file);
    assert.ok(workflows.length >= 9);
    assert.deepEqual(missing, []);
  });

  it("run as an identity that may write every kind of Microsoft.Authorization that a stack declares (docs/ci.md)", () => {
    // Contributor may write none of them (Microsoft Learn, "Azure built-in roles").
    const rights: Readonly<Record<string, string>> = {
      ManagementLockByScope: "Locks Contributor",
      PolicyAssignment: "Resource Policy Contributor",
      RoleAssignment: "Role Based Access Control Administrator",
    };
    const described = readFileSync(join(root, "docs", "ci.md"), "utf8");
    const row = described.split("\n").find((line) => line.trimStart().startsWith("| `<stack>` |")) ?? "";
    const folder = join(root, "tests", "infra", "golden", "production");
    const declared = readdirSync(folder)
      .flatMap((file) => Object.keys(JSON.parse(readFileSync(join(folder, file), "utf8"))))
      .flatMap((resource) => /^azure-native:authorization:(\w+) /.exec(resource)?.[1] ?? []);
    assert.deepEqual([...new Set(declared)].sort(), Object.keys(rights));
    assert.deepEqual(
      Object.values(rights).filter((role) => !row.includes(role)),
      [],
    );
  });

  it("use every action of others by a full commit digest, with its version beside it", () => {
    const texts = [...workflows.map(({ text }) => text), setUpAction.text].join("\n");
    const used = [...texts.matchAll(/^\s*(?:- )?uses: *(.*)$/gm)].map(([, reference]) => reference ?? "");
    const loose = used
      .filter((reference) => !reference.startsWith("./"))
      .filter((reference) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(reference));
    assert.ok(used.length > 20);
    assert.deepEqual(loose, []);
  });

  it("pin one action to one commit everywhere", () => {
    const commits = new Map<string, Set<string>>();
    for (const { step } of steps) {
      const [action, commit] = step.uses?.split("@") ?? [];
      if (action === undefined || commit === undefined) continue;
      commits.set(action, (commits.get(action) ?? new Set()).add(commit));
    }
    const twice = [...commits].filter(([, found]) => found.size !== 1).map(([action]) => action);
    assert.deepEqual(twice, []);
  });

  it("give nothing by default, and each job says what it needs", () => {
    for (const { file, permissions } of workflows) assert.deepEqual(permissions, {}, file);
    for (const { name, job } of jobs) {
      assert.equal(typeof job.permissions, "object", name);
      for (const [scope, level] of Object.entries(job.permissions!)) {
        if (level === "write") {
          assert.ok(["id-token", "security-events", "pull-requests", "issues"].includes(scope), name);
        } else {
          assert.equal(level, "read", name);
        }
      }
    }
  });

  it("never let a job log in to Azure and write to the repository", () => {
    for (const { name, job } of jobs) {
      const writes = Object.entries(job.permissions ?? {}).filter(([, level]) => level === "write");
      assert.ok(writes.length <= 1, `${name}: ${writes.map(([scope]) => scope).join(", ")}`);
    }
  });

  it("run code of a pull request only in jobs whose token cannot write to the repository", () => {
    for (const { name, workflow, job } of jobs) {
      if (!("pull_request" in workflow.on)) continue;
      const executes = (job.steps ?? []).some(({ run, uses }) => run !== undefined || uses?.startsWith("./"));
      const writes = Object.entries(job.permissions ?? {}).some(
        ([scope, level]) => level === "write" && scope !== "id-token",
      );
      assert.ok(!(executes && writes), name);
    }
  });

  it("log in only for a branch of the repository itself, never for a fork or Dependabot", () => {
    for (const { name, workflow, job } of jobs) {
      if (!("pull_request" in workflow.on) || job.permissions?.["id-token"] !== "write") continue;
      assert.match(job.if ?? "", /head\.repo\.full_name == github\.repository/, name);
      assert.match(job.if ?? "", /user\.login != 'dependabot\[bot\]'/, name);
    }
  });

  it("are not started by pull_request_target, and check out nothing but their own commit", () => {
    for (const { file, on, text } of workflows) {
      assert.ok(!("pull_request_target" in on), file);
      assert.ok(!/pull_request_target/.test(text), file);
    }
    for (const { name, step } of steps) {
      if (!step.uses?.startsWith("actions/checkout@")) continue;
      assert.deepEqual(step.with, { "persist-credentials": false }, name);
    }
  });

  it("put no expression into a script: text of others comes by the environment", () => {
    const withExpression = steps.filter(({ step }) => step.run?.includes("${{")).map(({ name }) => name);
    assert.deepEqual(withExpression, []);
  });

  it("end: every job has a time limit", () => {
    for (const { name, job } of jobs) {
      if (job.uses === undefined) assert.ok((job["timeout-minutes"] ?? 0) > 0, name);
    }
  });

  it("run one job per stack at a time, and cut off none that changes a stack", () => {
    for (const { name, job } of jobs) {
      if (job.uses !== undefined) continue;
      const { group, "cancel-in-progress": cancels } = job.concurrency ?? {};
      assert.ok(group !== undefined && cancels !== undefined, name);
      if (job.strategy?.matrix.stack) assert.ok(group.includes(expression("matrix.stack")), name);
      const changes = (job.steps ?? []).some(({ run }) =>
        /switchyard (up|release|publish)\b/.test(run ?? ""),
      );
      if (changes) assert.equal(cancels, false, name);
    }
    const { group } = job("deploy-stack.yml", "up").concurrency!;
    assert.equal(group, `stack-${expression("inputs.stack")}`);
    const sharing = jobs.filter(({ job }) => job.concurrency?.group.startsWith("stack-"));
    assert.equal(sharing.length, 1, "of two that wait in one group the older is thrown away");
  });

  it("change only what was approved: the update is held to the digest of the preview that was shown", () => {
    const shown = job("deploy-stack.yml", "preview");
    assert.match(
      shown.steps!.find(({ id }) => id === "preview")!.run!,
      /--changes-digest "\$RUNNER_TEMP\/changes"/,
    );
    const update = job("deploy-stack.yml", "up").steps!.find(({ id }) => id === "update")!;
    assert.match(update.run!, /switchyard up .*--approved "\$CHANGES"$/);
    assert.equal(update.env?.CHANGES, expression("needs.preview.outputs.changes"));
  });

  it("change a stack only in the GitHub environment of its name, after a preview in another", () => {
    const changing = jobs.filter(({ job }) =>
      job.steps?.some(({ run }) => /switchyard up\b/.test(run ?? "")),
    );
    assert.deepEqual(
      changing.map(({ name, job }) => [name, job.environment]),
      [["deploy-stack.yml up", expression("inputs.stack")]],
    );
    for (const { name, job } of jobs) {
      if (job.permissions?.["id-token"] !== "write" || job.uses !== undefined) continue;
      assert.match(job.environment ?? "", /^\$\{\{ (matrix|inputs)\.stack \}\}(-preview|-release)?$/, name);
    }
  });

  it("cover every stack file but dev's", () => {
    for (const { name, job } of jobs) {
      const stacks = job.strategy?.matrix.stack;
      if (stacks) assert.deepEqual(stacks, ["staging", "production"], name);
    }
  });

  it("have a schedule climb ladders, announce releases, go on with releases that were left, and look at what is due after them", () => {
    const scheduled = jobs.filter(({ workflow }) => "schedule" in workflow.on);
    const lines = scheduled.flatMap(({ job: { steps: own } }) =>
      (own ?? []).flatMap(({ run }) => switchyardLines(run ?? "").map((words) => words.join(" "))),
    );
    for (const command of [
      "incident watch --once",
      "release schedule --send-due",
      "release resume",
      "release followups --look",
    ])
      assert.ok(lines.includes(`${command} --stack $STACK`), command);
  });

  it("give the key that signs journals and records to every job that writes them", () => {
    const writing = jobs.filter(({ job: { steps: own } }) =>
      (own ?? []).some(({ run }) => /switchyard (up|release|incident)\b/.test(run ?? "")),
    );
    assert.ok(writing.length >= 4);
    for (const { name, job: one } of writing)
      assert.equal(one.env?.SWITCHYARD_OPERATOR_KEY, expression("vars.SWITCHYARD_OPERATOR_KEY"), name);
  });

  it("take Node from package.json and packages from npm's cache", () => {
    const node = setUpAction.runs.steps.find(({ uses }) => uses?.startsWith("actions/setup-node@"));
    assert.deepEqual(node?.with, { "node-version-file": "package.json", cache: "npm" });
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      engines?: { node?: string };
    };
    assert.ok(engines?.node);
  });

  it("use only commands and options that the command line has", () => {
    const known = commandLine();
    const lines = steps.flatMap(({ name, step }) =>
      switchyardLines(step.run ?? "").map((words) => ({ name, words })),
    );
    assert.ok(lines.length >= 12);
    const faults = lines
      .map(({ name, words }) => ({ name, fault: faultOf(words, known) }))
      .filter(({ fault }) => fault !== undefined);
    assert.deepEqual(faults, []);
  });
});

describe("the look at command lines of workflows", () => {
  const known = commandLine();
  for (const [line, fault] of [
    ["npx switchyard preview --stack x --offline --report sarif=$FILE", undefined],
    ["npx switchyard up --stack $STACK --yes && echo done", undefined],
    ["npx switchyard bogus", /no command bogus/],
    ["npx switchyard preview --bogus", /no option --bogus/],
    ["npx switchyard preview --format yaml", /does not take yaml/],
    ["npx switchyard preview --report yaml=$FILE", /format=file/],
    ["npx switchyard up --stack", /needs a value/],
    ["npx switchyard publish issue --close", /needs --file/],
    ["npx switchyard publish", /needs a subcommand/],
    ["npx switchyard up extra", /fewer operands/],
  ] as const) {
    it(`${line}: ${fault === undefined ? "nothing to say" : fault.source}`, () => {
      const [words] = switchyardLines(line);
      const found = faultOf(words ?? [], known);
      if (fault === undefined) assert.equal(found, undefined);
      else assert.match(found ?? "", fault);
    });
  }

  it("sees lines that are continued, in a test, and before a pipe", () => {
    const script =
      'npx switchyard check \\\n  --stack "$S"\nif npx switchyard release resume --help | grep -q x; then';
    assert.deepEqual(switchyardLines(script), [
      ["check", "--stack", "$S"],
      ["release", "resume", "--help"],
    ]);
  });
});
