import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { renderHtml } from "../../reports/html/page";
import { assembleReport } from "../../reports/model";
import { step, urn, violation } from "./support/events";
import { largeReport, reportOf } from "./support/sample";

describe("HTML", () => {
  const page = renderHtml(largeReport(300));

  it("names nothing outside of itself", () => {
    assert.doesNotMatch(page, /(?:src|href)="(?!#)/);
    assert.doesNotMatch(page, /@import|url\(|fetch\(|XMLHttpRequest|https?:/);
  });

  it("permits exactly its own style and script", () => {
    const digest = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
    assert.match(policy, /^default-src 'none';/);
    assert.ok(policy.includes(digest(style)) && policy.includes(digest(script)));
    assert.doesNotMatch(page, /\sstyle="|\son[a-z]+="/);
  });

  it("says the verdict first and lists each finding with its line and its mend", () => {
    assert.match(page, /<title>dev: preview, refused: 4 violations of mandatory policies<\/title>/);
    assert.match(page, /infra\/azure\/storage\.ts:29/);
    assert.match(page, /Mend: Mend vault-network\./);
  });

  it("shows hostile names as text", () => {
    const target = urn("a:b:C", '</script><script>alert(1)</script><img src=x onerror="x">');
    const html = renderHtml(
      reportOf({ events: [step("create", target), violation("tags", target, "<b>x")] }),
    );
    assert.equal(html.match(/<script/g)?.length, 2);
    assert.doesNotMatch(html, /<img|<b>x/);
  });

  it("of recorded state says when it was recorded and speaks of no changes", () => {
    const { resources, policies, rules } = largeReport(50);
    const html = renderHtml(
      assembleReport({
        subject: { kind: "check", stack: "production", offline: false, recordedAt: "2026-01-02T03:04:05Z" },
        succeeded: true,
        resources: resources.map((resource) => ({ ...resource, op: "same" as const, diff: [] })),
        policies: policies.filter(({ verdict }) => verdict === "pass"),
        rules,
        warnings: [],
        errors: [],
      }),
    );
    assert.match(html, /recorded 2026-01-02T03:04:05Z, not verified live/);
    assert.doesNotMatch(html, /to create/);
  });
});
