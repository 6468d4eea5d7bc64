import assert from "node:assert/strict";
import { Command } from "commander";
import { approvedDigest, changesDigest, requireApproved } from "../../cli/approved-changes";
import { upCommand } from "../../cli/commands/up";
import { Refused } from "../../cli/exit";
import { silentProgress } from "../../local/progress";
import { UserError } from "../../local/user-error";
import { assembleReport, type Report, type ResourceChange } from "../../reports/model";

const urn = (name: string) => `urn:pulumi:production::switchyard::azure-native:web:WebApp::${name}`;
const change = (
  name: string,
  op: ResourceChange["op"],
  more: Partial<ResourceChange> = {},
): ResourceChange => ({
  urn: urn(name),
  type: "azure-native:web:WebApp",
  op,
  diff: [],
  ...more,
});
const diff = (path: string, after?: unknown) => ({
  path,
  kind: "update",
  ...(after !== undefined && { after }),
});

function reportOf(resources: readonly ResourceChange[], more: Partial<Report> = {}): Report {
  const subject = { kind: "preview", stack: "production", offline: false } as const;
  const report = assembleReport({
    subject,
    succeeded: true,
    resources,
    policies: [],
    rules: [],
    warnings: [],
    errors: [],
  });
  return { ...report, ...more };
}

const approvedChanges = [
  change("new", "create"),
  change("old", "update", { diff: [diff("httpsOnly", true), diff("siteConfig.ftpsState")] }),
  change("kept", "same"),
];
const approved = changesDigest(reportOf(approvedChanges));

describe("an approved preview", () => {
  it("is the same in any order, whatever stays as it is, and wherever it was declared", () => {
    const [made, updated] = approvedChanges as [ResourceChange, ResourceChange, ResourceChange];
    const source = { file: "infra/x.ts", line: 3, column: 1 };
    const again = [
      { ...updated, diff: [...updated.diff].reverse(), source },
      change("another", "same"),
      made,
    ];
    assert.equal(changesDigest(reportOf(again)), approved);
    assert.doesNotThrow(() => requireApproved(reportOf(again), approved));
  });

  const others: readonly (readonly [string, readonly ResourceChange[]])[] = [
    ["one more", [...approvedChanges, change("more", "create")]],
    ["one fewer", approvedChanges.slice(1)],
    ["another operation", [change("new", "delete"), ...approvedChanges.slice(1)]],
    ["another resource", [change("other", "create"), ...approvedChanges.slice(1)]],
    ["another property", [approvedChanges[0]!, change("old", "update", { diff: [diff("httpsOnly", true)] })]],
    [
      "another value",
      [
        approvedChanges[0]!,
        change("old", "update", { diff: [diff("httpsOnly", false), diff("siteConfig.ftpsState")] }),
      ],
    ],
  ];
  for (const [what, resources] of others) {
    it(`is not one with ${what}, and nothing is changed then`, () => {
      assert.throws(
        () => requireApproved(reportOf(resources), approved),
        (error: Error) =>
          error instanceof Refused && /is not what was approved .*nothing was changed/.test(error.message),
      );
    });
  }

  it("is not one of another stack, nor one that fails now", () => {
    const subject = { kind: "preview", stack: "staging", offline: false } as const;
    assert.throws(() => requireApproved(reportOf(approvedChanges, { subject }), approved), /in staging now/);
    assert.throws(
      () => requireApproved(reportOf(approvedChanges, { succeeded: false }), approved),
      /the preview of production fails now/,
    );
  });

  it("is named by its digest alone, and not on dev", async () => {
    const context = {
      workspace: { root: "/nowhere", dist: "", policyPack: "", stateDir: "/nowhere/state" },
      progress: silentProgress,
      signal: new AbortController().signal,
      out: () => {},
      say: () => {},
    };
    const run = (...argv: string[]) =>
      new Command("switchyard").addCommand(upCommand(context)).parseAsync(["up", ...argv], { from: "user" });
    assert.throws(() => approvedDigest(""), /sha256: and 64 hexadecimal digits/);
    const refused = (words: RegExp) => (error: Error) =>
      error instanceof UserError && words.test(error.message);
    await assert.rejects(run("--approved", approved), refused(/dev is brought up without a preview/));
  });
});
