import assert from "node:assert/strict";
import fc from "fast-check";
import {
  jobName,
  labelValueOf,
  recordedName,
  requireJobName,
  timestampOf,
} from "../../../release/data/names";
import { lastWords, redacted } from "../../../release/redacted";

const at = new Date("2026-01-28T10:15:00Z");

describe("release/data/names: names of what a release makes", () => {
  it("fills time, day and storage account, in UTC", () => {
    assert.equal(timestampOf(at), "20260128-101500");
    const store = { backups: { accountName: "tesorostorage", accountId: "/a", container: "backups" } };
    assert.equal(
      recordedName("https://{storageAccount}.x/backups/pre-migration-{timestamp}.bacpac", at, store),
      "https://tesorostorage.x/backups/pre-migration-20260128-101500.bacpac",
    );
    assert.equal(recordedName("uploads-backup-{date}", at, undefined), "uploads-backup-20260128");
  });

  it("refuses a field that nobody fills, naming those that are known", () => {
    assert.throws(
      () => recordedName("{storageAccount}-x", at, {}),
      /\{storageAccount\}.*known are \{timestamp\}, \{date\}/s,
    );
  });

  it("of any texts makes names that Kubernetes takes, and different ones of different texts", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        assert.equal(requireJobName(jobName(left)), jobName(left));
        assert.match(labelValueOf(left), /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/);
        if (left !== right) assert.notEqual(jobName(left), jobName(right));
      }),
    );
  });

  it("takes passwords, keys and tokens out of what programs wrote", () => {
    const text =
      'uri mongodb+srv://admin:canary@host/db AccountKey=canary; Password="canary x" sig=canary&x token: canary Authorization: Bearer canary';
    assert.doesNotMatch(redacted(text), /canary/);
    assert.match(redacted(text), /mongodb\+srv:\/\/\*\*\*@host\/db/);
    assert.ok(lastWords("x".repeat(9_000)).length < 2_000);
  });
});
