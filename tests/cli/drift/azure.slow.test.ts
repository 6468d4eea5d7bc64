import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { renderReport, reportFormats } from "../../../reports/formats";
import { GROUP, SITE, SLOT, SUBSCRIPTION } from "../../local/cloud/support";
import { DriftWorld, declared, differences, LOCK, recordedState, settings, urnOf } from "./support";

describe("drift of Azure, on the embedded cloud", () => {
  let world: DriftWorld;
  beforeEach(async () => {
    world = await DriftWorld.create();
  });
  afterEach(() => world.remove());

  const put = (id: string, properties: object) => world.cloud.put(id, { properties });

  it("finds none right after everything was made, and only reads", async () => {
    world.asked.length = 0;
    const report = await world.drift();
    assert.deepEqual(differences(report), []);
    assert.equal(report.succeeded, true);
    assert.equal(report.undecided, 0);
    const writing = world.asked.filter((line) => !/^GET |^POST \S+\/list\?/.test(line));
    assert.deepEqual(writing, []);
  });

  it("names a changed input with both values, and the line that declared it", async () => {
    await world.change("web:WebApp", { httpsOnly: false });
    const report = await world.drift();
    assert.deepEqual(differences(report), ["update web:WebApp kirana update httpsOnly"]);
    const found = report.resources.find(({ urn }) => urn === urnOf("web:WebApp", "kirana"));
    const change = found?.diff.find(({ path }) => path === "httpsOnly");
    assert.deepEqual(change, { path: "httpsOnly", kind: "update", before: true, after: false });
    assert.deepEqual(found?.source, { file: "infra/azure/slot-app.ts", line: 96, column: 17 });
    assert.equal(report.succeeded, false);
  });

  it("names a changed, an added and a removed app setting of either side, and shows no value in any format", async () => {
    const canary = "Canary-0123456789-of-a-setting";
    const state = recordedState();
    const recorded = state.resources.find(({ type }) => type.endsWith("ApplicationSettings"));
    Object.assign(recorded!.inputs!.properties as object, { SIDE: `${canary}-recorded` });
    await put(`${SITE}/config/appsettings`, {
      ...settings,
      SIDE: `${canary}-live`,
      EXTRA: `${canary}-extra`,
    });
    await put(`${SLOT}/config/appsettings`, { API_URL: settings.API_URL, SIDE: "idle" });
    const report = await world.drift(state);
    assert.deepEqual(differences(report), [
      "update web:WebAppApplicationSettings appsettings update properties.SIDE add properties.EXTRA",
      "update web:WebAppApplicationSettingsSlot appsettings delete properties.WEBSITE_RUN_FROM_PACKAGE",
    ]);
    for (const format of reportFormats) {
      const text = renderReport(report, format, "1.0.0");
      assert.ok(!text.includes("Canary-0123"), `${format} shows the value`);
      assert.ok(text.includes("SIDE"), `${format} does not name the setting`);
    }
  });

  it("names sticky settings that are no longer sticky", async () => {
    await put(`${SITE}/config/slotConfigNames`, { appSettingNames: [] });
    const [only, ...others] = differences(await world.drift());
    assert.match(only ?? "", /^update web:WebAppSlotConfigurationNames slotConfigNames .*appSettingNames/);
    assert.deepEqual(others, []);
  });

  it("a lock that is gone is missing", async () => {
    await world.cloud.delete(LOCK);
    assert.deepEqual(differences(await world.drift()), ["delete authorization:ManagementLockByScope keep"]);
  });

  it("a swap and a ramp are no drift, and the report says where the traffic goes", async () => {
    await world.cloud.done(await world.cloud.call("POST", `${SITE}/slotsswap`, { targetSlot: "staging" }));
    const rule = {
      actionHostName: "kirana-staging.azurewebsites.net",
      name: "staging",
      reroutePercentage: 30,
    };
    const ramped = await world.cloud.call("PATCH", `${SITE}/config/web`, {
      properties: { experiments: { rampUpRules: [rule] } },
    });
    assert.equal(ramped.status, 200);
    const report = await world.drift();
    assert.deepEqual(differences(report), []);
    assert.equal(report.succeeded, true);
    assert.deepEqual(
      report.notes?.map(({ message }) => message),
      [
        "kirana-inventory (site kirana with slot staging): live side production, production 70 %, staging 30 %",
      ],
    );
  });

  it("role assignments and locks in the group that nobody declared are found", async () => {
    await world.cloud.put(`${GROUP}/providers/Microsoft.Authorization/locks/somebodys`, {
      properties: { level: "CanNotDelete" },
    });
    await world.cloud.put(
      `${GROUP}/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-555555555555`,
      {
        properties: {
          roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`,
          principalId: "99999999-2222-4333-8444-555555555555",
          principalType: "User",
        },
      },
    );
    const report = await world.drift();
    assert.deepEqual(
      report.resources.filter(({ op }) => op === "create").map(({ type }) => type),
      ["azure-native:authorization:ManagementLockByScope", "azure-native:authorization:RoleAssignment"],
    );
    assert.match(
      report.policies.find(({ urn }) => urn.includes("roleAssignments"))?.message ?? "",
      /role 8e3af657-a8ff-443c-a75c-2fe8c4bcb635 to User 99999999/,
    );
  });

  it("resources and firewall rules that somebody made by hand are found", async () => {
    const storage = `${GROUP}/providers/Microsoft.Storage/storageAccounts/byhand`;
    await world.cloud.put(storage, {
      location: "westeurope",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      properties: {},
    });
    const server = `${GROUP}/providers/Microsoft.Sql/servers/sql`;
    await world.cloud.put(server, {
      location: "westeurope",
      properties: { administratorLogin: "sqladmin", administratorLoginPassword: "Canary-0123456789" },
    });
    await world.cloud.put(`${server}/firewallRules/everybody`, {
      properties: { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" },
    });
    const state = recordedState([...declared, ["sql:Server", server, { location: "westeurope" }]]);
    const report = await world.drift(state);
    assert.deepEqual(
      report.resources.filter(({ op }) => op === "create").map(({ type }) => type),
      ["azure-native:sql:FirewallRule", "azure-native:storage:StorageAccount"],
    );
    const said = report.policies.filter(
      ({ rule, verdict }) => rule === "nothing-undeclared" && verdict === "fail",
    );
    assert.match(
      said.map(({ message }) => message).join("\n"),
      /firewall rule .*: 0\.0\.0\.0 to 255\.255\.255\.255/,
    );
    assert.match(
      said.map(({ message }) => message).join("\n"),
      /Microsoft\.Storage\/storageAccounts in westeurope/,
    );
  });

  it("a cloud that does not answer is undecided, never no drift", async () => {
    await world.cloud.app.close();
    const report = await world.drift();
    assert.equal(report.succeeded, false);
    assert.ok(report.policies.every(({ verdict }) => verdict === "undecided"));
    assert.match(
      report.errors.map(({ message }) => message).join("\n"),
      /could not be compared: .*ECONNREFUSED/,
    );
    assert.match(renderReport(report, "text", "1"), /undecided/);
  });

  it("a cloud that asks for more patience than there is, is undecided as well, and is asked once", async () => {
    let asked = 0;
    const server = await listening((answer) => {
      asked++;
      answer
        .writeHead(429, { "retry-after": "3600" })
        .end('{"error":{"code":"TooManyRequests","message":"later"}}');
    });
    pointTo(server, world);
    const report = await world.drift(recordedState([["resources:ResourceGroup", GROUP, { location: "x" }]]));
    assert.equal(report.succeeded, false);
    assert.ok(report.undecided > 0);
    assert.match(report.errors[0]?.message ?? "", /TooManyRequests/);
    assert.ok(asked <= 6, `${asked} requests`);
    server.close();
  });
});

function listening(answer: (response: ServerResponse) => void): Promise<Server> {
  const server = createServer((_request, response) => answer(response));
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

function pointTo(server: Server, { cloud }: DriftWorld): void {
  const { port } = server.address() as AddressInfo;
  const endpoint = JSON.stringify({ url: `http://127.0.0.1:${port}`, token: "t" });
  writeFileSync(join(cloud.folder, "cloud", "endpoint.json"), endpoint);
}
