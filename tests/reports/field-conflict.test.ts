import assert from "node:assert/strict";
import {
  conflictExplanation,
  conflictingManagers,
  withConflictExplained,
} from "../../reports/field-conflict";
import { buildReport } from "../../reports/from-events";
import { renderText } from "../../reports/text";
import { diagnostic } from "./support/events";

const single = `resource urn:x was not successfully created by the Kubernetes API server: Server-Side Apply field conflict detected. See https://example.test for troubleshooting help.
The resource managed by field manager "pulumi-kubernetes-0a1b" had an apply conflict: Apply failed with 1 conflict: conflict with "kubectl-edit" with subresource "scale" using apps/v1 at 2026-11-21T10:00:00Z: .spec.template.spec.containers[name="app"].image`;

const several = `Apply failed with 3 conflicts: conflicts with "hand":
- .spec.maxUnavailable
- .metadata.labels.a
conflicts with "other-tool" using policy/v1:
- .spec.selector`;

describe("a refused server-side apply", () => {
  it("names the manager and the field, also with subresource, version, hour and a colon in the path", () => {
    assert.deepEqual(conflictingManagers(single), [
      { manager: "kubectl-edit", fields: ['.spec.template.spec.containers[name="app"].image'] },
    ]);
  });

  it("names each of several managers with its fields", () => {
    assert.deepEqual(conflictingManagers(several), [
      { manager: "hand", fields: [".spec.maxUnavailable", ".metadata.labels.a"] },
      { manager: "other-tool", fields: [".spec.selector"] },
    ]);
  });

  it("is explained in the report: whose field it is and how it is given back", () => {
    const report = buildReport({
      subject: { kind: "up", stack: "dev", offline: false },
      events: [diagnostic("error", single)],
      exitCode: 1,
      rules: [],
    });
    const text = renderText(report);
    assert.match(
      text,
      /"kubectl-edit" owns \.spec\.template\.spec\.containers\[name="app"\]\.image: set by hand/,
    );
    assert.match(text, /--show-managed-fields[\s\S]*kubectl patch/);
  });

  it("is explained once, and by itself where the terminal has shown the message", () => {
    const explained = withConflictExplained(single);
    const explanation = conflictExplanation(explained);
    assert.match(explanation ?? "", /^"kubectl-edit" owns /);
    assert.equal(explained, `${single}\n${explanation}`);
  });

  it("is no other error: its message stays as it is", () => {
    for (const other of ["conflict with the name of another", "409 Conflict: the account exists", ""])
      assert.equal(withConflictExplained(other), other);
  });
});
