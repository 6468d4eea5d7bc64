import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Site } from "../../../local/traffic/azure/sites";
import { PackageStore } from "../../../local/traffic/sites/package-store";
import { SiteApps } from "../../../local/traffic/sites/site-apps";

describe("an emulated function app", () => {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-apps-"));
  const packages = new PackageStore(folder);
  let apps: SiteApps;
  let site: Site;

  before(async () => {
    const app = { version: "1.0.0", latencyMilliseconds: 300 };
    const { digest } = await packages.add(Buffer.from(JSON.stringify(app)));
    site = {
      id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/kirana",
      name: "kirana",
      role: "kirana",
      kind: "functionApp",
      running: true,
      defaultHost: "kirana.azurewebsites.net",
      hosts: [],
      content: { digest, deploymentId: "first", deployedAt: "2026-11-22T11:00:00Z" },
      rampRules: [],
    };
  });
  beforeEach(() => {
    apps = new SiteApps(packages);
    apps.update([site]);
  });
  after(() => rmSync(folder, { recursive: true }));

  const ask = () => apps.answer(site, { method: "GET", path: "/" }, {});

  it("has many requests under way at once, of which Node warns nobody", async () => {
    const warnings: Error[] = [];
    const heard = (warning: Error) => warnings.push(warning);
    process.on("warning", heard);
    const answers = await Promise.all(Array.from({ length: 40 }, ask));
    process.off("warning", heard);
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.deepEqual(warnings, []);
  });

  it("loses what is under way when a swap restarts it", async () => {
    const underWay = Array.from({ length: 20 }, ask);
    apps.update([{ ...site, swappedAt: "2026-11-22T12:00:00Z" }]);
    const answers = await Promise.all(underWay);
    assert.ok(
      answers.every(({ status }) => status >= 500),
      JSON.stringify(answers[0]),
    );
  });
});
