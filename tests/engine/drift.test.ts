import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stopCloud } from "../../local/cloud/daemon";
import { localEndpoint } from "../../release/clients/local-cloud";
import { type Json, mapAt } from "../../release/targets/json";
import type { Report } from "../../reports/model";
import { devStackOfSuite } from "../support/dev-stack";

const group = "/subscriptions/00000000-0000-4000-8000-0000000de000/resourceGroups/kirana-dev-rg";
const vault = `${group}/providers/Microsoft.KeyVault/vaults/kirana-keyvault-dev`;
const site = `${group}/providers/Microsoft.Web/sites/kirana-functions-dev`;

/** Drift and records on a stack that the real engine made. What is compared of each resource: tests/cli/drift. */
describe("switchyard drift and records on a real stack", () => {
  const dev = devStackOfSuite();

  const drift = async (expected: number): Promise<Report> => {
    const { code, stdout, stderr } = await dev.run("drift", "--format", "json");
    assert.equal(code, expected, stdout.slice(0, 4000) + stderr);
    return JSON.parse(stdout) as Report;
  };
  const differing = ({ resources }: Report) =>
    resources
      .filter(({ op }) => op !== "same")
      .map(
        ({ op, urn, diff }) => `${op} ${urn.split("::").at(-1)} ${diff.map(({ path }) => path).join(" ")}`,
      );

  async function arm(method: string, id: string, body?: object): Promise<Json> {
    const { url, token } = localEndpoint(dev.stateDir);
    const answer = await fetch(`${url}${id}?api-version=2025-01-01`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.ok(answer.status < 300, `${method} ${id}: ${answer.status} ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as Json;
  }

  it("finds none of what the engine has just made, and changes nothing on the way", async () => {
    const report = await drift(0);
    assert.deepEqual(differing(report), []);
    assert.equal(report.undecided, 0);
    assert.ok(report.summary.same > 80, String(report.summary.same));
    assert.match(
      report.notes?.[0]?.message ?? "",
      /^kirana-inventory .*: live side production, production 100 %/,
    );
    assert.match((await dev.run("up")).stdout, /^dev: 0 changes, \d+ unchanged$/m);
  });

  it("a ramp is none", async () => {
    const rule = {
      actionHostName: "kirana-functions-dev-staging.azurewebsites.net",
      name: "staging",
      reroutePercentage: 20,
    };
    await arm("PATCH", `${site}/config/web`, { properties: { experiments: { rampUpRules: [rule] } } });
    const report = await drift(0);
    assert.match(
      report.notes?.map(({ message }) => message).join("\n") ?? "",
      /production 80 %, staging 20 %/,
    );
    await arm("PATCH", `${site}/config/web`, { properties: { experiments: { rampUpRules: [] } } });
  });

  it("names what somebody changed by ARM; a refresh of that resource and an up take it back", async () => {
    const before = await arm("GET", vault);
    const properties = mapAt(before, "properties");
    await arm("PUT", vault, {
      location: before.location,
      tags: before.tags,
      properties: { ...properties, publicNetworkAccess: other(properties.publicNetworkAccess) },
    });
    const report = await drift(1);
    assert.deepEqual(differing(report), [
      "update kirana-inventory-vault-vault properties.publicNetworkAccess",
    ]);

    const urn = report.resources.find(({ op }) => op === "update")!.urn;
    const { stdout } = await dev.run("env");
    const refresh = "pulumi refresh --stack dev --yes --skip-preview --non-interactive --target";
    const refreshed = spawnSync("bash", ["-c", `set -eu\n${stdout}\n${refresh} '${urn}'`], {
      cwd: dev.project,
      encoding: "utf8",
    });
    assert.equal(refreshed.status, 0, refreshed.stdout + refreshed.stderr);
    assert.match((await dev.run("up")).stdout, /^dev: 1 updated/m);
    assert.deepEqual(differing(await drift(0)), []);
  });

  it("every up has left a signed record, and none is missing", async () => {
    const list = JSON.parse((await dev.run("records", "list", "--format", "json")).stdout) as {
      name: string;
      result: string;
      changes: { create: number; update: number };
      commit: { id: string } | null;
      policies: { verdicts: number } | null;
    }[];
    assert.deepEqual(
      list.map(({ result }) => result),
      ["succeeded", "succeeded", "succeeded"],
    );
    assert.ok(list[0]!.changes.create > 80);
    assert.equal(list[2]!.changes.update, 1);
    assert.ok((list[0]!.policies?.verdicts ?? 0) > 100);
    const verified = await dev.run("records", "verify");
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);

    rmSync(join(dev.stateDir, "records", list[1]!.name));
    const broken = await dev.run("records", "verify");
    assert.equal(broken.code, 1);
    assert.match(broken.stdout, /the record before it is missing/);
  });

  it("no record holds a value of the vault", () => {
    const folder = join(dev.stateDir, "records");
    const state = readFileSync(
      join(dev.stateDir, "backend", ".pulumi", "stacks", "switchyard", "dev.json"),
      "utf8",
    );
    const values = [...state.matchAll(/"ciphertext": ?"([^"]{20,})"/g)].map(([, text]) => text!);
    assert.ok(values.length > 5);
    for (const name of readdirSync(folder)) {
      const { payload } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { payload: string };
      const text = Buffer.from(payload, "base64").toString("utf8");
      assert.ok(!/ciphertext|inputs|outputs/.test(text));
      for (const value of values) assert.ok(!text.includes(value));
    }
  });

  it("a cloud that is not running is undecided, exit 1, never no drift", async () => {
    await stopCloud({ stateDir: dev.stateDir });
    const { code, stdout, stderr } = await dev.run("drift");
    assert.equal(code, 1);
    assert.match(stdout, /could not be compared/);
    assert.doesNotMatch(stdout, /: no drift, /);
    assert.match(stderr, /error: dev: \d+ could not be compared\s*$/);
  });
});

function other(access: unknown): string {
  return access === "Disabled" ? "Enabled" : "Disabled";
}
