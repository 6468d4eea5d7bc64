import assert from "node:assert/strict";
import type { RawConfig } from "../../../../infra/settings";
import type { Environment } from "../../../../runbooks/model";
import { type Changes, changed, refusal } from "../../support/refusal";
import { stackFile } from "../../support/stack-settings";

/** A stack's committed settings with case-management, changed. */
function settings(environment: Environment, changes: Changes, secrets: readonly string[] = []): RawConfig {
  const full = Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [
      key.includes(":") ? key : `case-management:${key}`,
      value,
    ]),
  );
  return changed(
    stackFile(environment),
    { "switchyard:systems": '["platform","case-management"]', ...full },
    secrets.map((key) => `case-management:${key}`),
  );
}

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const side = (version: string, digit: string) => ({
  version,
  images: {
    "case-management-backend": `registry.invalid/backend@${digest(digit)}`,
    "case-management-frontend": `registry.invalid/frontend@${digest(digit)}`,
  },
});

/** What the settings of dev say when one of them is changed. */
const refused = (changes: Changes) => refusal(settings("dev", changes), "dev");

describe("settings of case-management", () => {
  it("refuse the runbook's placeholder domain (conflicts 21)", () => {
    for (const domain of ["yourdomain.com", "app.yourdomain.com", "example.com"]) {
      const message = refused({ domain });
      assert.match(message, /case-management:domain/);
      assert.ok(message.includes(`received: "${domain}"`));
      assert.match(message, /not an example such as yourdomain\.com/);
    }
  });

  it("refuse an image by tag, and name the component", () => {
    const blue = side("2026.12.01", "a");
    blue.images["case-management-frontend"] = "registry.invalid/frontend:latest";
    const message = refused({ sides: JSON.stringify({ blue }) });
    assert.match(message, /case-management:sides\.blue\.images\.case-management-frontend/);
    assert.match(message, /registry\.invalid\/frontend:latest/);
    assert.match(message, /each image by digest/);
  });

  it("refuse a colour that is neither, a side without a component and one with an unknown one", () => {
    const { images, version } = side("2026.12.01", "a");
    const { "case-management-frontend": _left, ...half } = images;
    assert.match(refused({ sides: JSON.stringify({ red: { version, images } }) }), /unknown "red"/);
    assert.match(
      refused({ sides: JSON.stringify({ blue: { version, images: half } }) }),
      /sides\.blue\.images\.case-management-frontend/,
    );
    assert.match(
      refused({
        sides: JSON.stringify({
          blue: { version, images: { ...images, worker: images["case-management-backend"] } },
        }),
      }),
      /unknown "worker"/,
    );
  });

  it("take a date as version, with a counter for another release of the day (conflicts 14)", () => {
    for (const version of ["1.4.2", "v2026.12.01", "2026.12.01.1", "2026.12.1"]) {
      assert.match(refused({ sides: JSON.stringify({ blue: side(version, "a") }) }), /sides\.blue\.version/);
    }
    const message = refused({
      domain: "yourdomain.com",
      sides: JSON.stringify({ blue: side("2026.12.01", "a"), green: side("2026.12.01.2", "b") }),
    });
    assert.ok(!message.includes("case-management:sides"));
  });

  it("refuse no side at all, and two versions of the same images", () => {
    assert.match(refused({ sides: "{}" }), /at least one colour/);
    const sides = { blue: side("2026.12.01", "a"), green: side("2026.12.02", "a") };
    assert.match(refused({ sides: JSON.stringify(sides) }), /one version for one set of images/);
  });

  it("refuse a tools image or an exporter by tag", () => {
    assert.match(refused({ toolsImage: "registry.invalid/tools:16" }), /case-management:toolsImage/);
    const exporters = { postgres: "postgres-exporter:v0.17", blackbox: `b@${digest("c")}` };
    assert.match(
      refused({ exporterImages: JSON.stringify(exporters) }),
      /case-management:exporterImages\.postgres/,
    );
  });

  it("refuse a burstable database in production, which has a standby in another zone", () => {
    const message = refusal(settings("production", { databaseSize: "Standard_B2s" }), "production", true);
    assert.match(message, /case-management:databaseSize/);
    assert.match(message, /in production no burstable size/);
    assert.match(
      message,
      /pulumi config set case-management:databaseSize Standard_D2ds_v5 --stack production/,
    );
  });

  it("refuse a storage that the service does not have", () => {
    assert.match(refused({ databaseStorageGb: "100" }), /received: 100/);
  });

  it("refuse to exempt nearly everybody from the rate limit", () => {
    const message = refused({ rateLimitExemptRanges: '["0.0.0.0/0"]' });
    assert.match(message, /single addresses or ranges of at most \/16/);
  });

  it("refuse secrets in clear on production and do not show them", () => {
    const message = refusal(
      settings("production", { sendGridApiKey: "SG.in-clear-in-the-file" }),
      "production",
      true,
    );
    assert.match(message, /case-management:sendGridApiKey/);
    assert.ok(!message.includes("SG.in-clear"));
  });

  it("refuse the password that the runbook prints (conflicts 77)", () => {
    const message = refusal(
      settings("production", { testAccountPassword: "testpass-and-more" }, ["testAccountPassword"]),
      "production",
      true,
    );
    assert.match(message, /case-management:testAccountPassword/);
    assert.match(message, /not the one that the runbook prints/);
    assert.ok(!message.includes("testpass-and-more"));
  });

  it("name everything that only the owner knows, when it is not a preview", () => {
    for (const environment of ["staging", "production"] as const) {
      const message = refusal(settings(environment, {}), environment);
      for (const key of [
        "domain",
        "sides.blue.images.case-management-backend",
        "toolsImage",
        "n8nWebhook",
        "testAccountPassword",
        "contacts.engineeringDirector.name",
      ]) {
        assert.ok(
          message.includes(`case-management:${key}\n    received: the placeholder`),
          `${environment} ${key}`,
        );
      }
    }
  });
});
