import assert from "node:assert/strict";
import type { RecordedResource } from "../../../cli/drift/finding";
import { recordedResources } from "../../../cli/drift/recorded-resources";
import { surveyUndeclared } from "../../../cli/drift/survey-undeclared";
import type { ArmReader } from "../../../release/clients/arm";
import { GROUP } from "../../local/cloud/support";
import { recordedState } from "./support";

const group = {
  urn: "urn:pulumi:dev::switchyard::azure-native:resources:ResourceGroup::group",
  type: "azure-native:resources:ResourceGroup",
  id: GROUP,
} as RecordedResource;
const rules = "microsoft.alertsmanagement/smartDetectorAlertRules";

function listed(type: string, name: string, more: object = {}) {
  return { id: `${GROUP}/providers/${type}/${name}`, type, location: "global", ...more };
}

/** Names of what is told, where a group's list of resources holds these. */
function told(...value: readonly object[]): Promise<readonly string[]> {
  return toldBeside([], ...value);
}

/** The same of a stack that tells its releases of these databases. */
async function toldBeside(
  stores: readonly string[],
  ...value: readonly object[]
): Promise<readonly string[]> {
  const collection = async (path: string) => (path.endsWith("/resources") ? value : []);
  const arm = { collection } as unknown as ArmReader;
  const findings = await surveyUndeclared("dev", { azure: [group], stores }, arm);
  return findings.map(({ urn }) => urn.split("/").at(-1)!);
}

describe("resources that nobody declared", () => {
  it("are not what Azure makes by itself", async () => {
    const own = [
      listed(rules, "Failure Anomalies - insights"),
      listed("microsoft.insights/actionGroups", "Application Insights Smart Detection"),
      listed("Microsoft.Network/networkWatchers", "NetworkWatcher_westus2"),
      listed("Microsoft.Network/networkInterfaces", "sql.nic.11111111-2222-4333-8444-555555555555"),
      listed("Microsoft.OperationsManagement/solutions", "ContainerInsights(workspace)"),
      listed("Microsoft.Sql/servers/sql/databases", "master", { type: "Microsoft.Sql/servers/databases" }),
      listed("Microsoft.Compute/disks", "pvc-1", { managedBy: `${GROUP}/providers/x/y/z` }),
    ];
    assert.deepEqual(await told(...own), []);
  });

  it("are those of the same kinds by other names", async () => {
    const made = [
      listed(rules, "mine"),
      listed("microsoft.insights/actionGroups", "mine"),
      listed("Microsoft.Network/networkInterfaces", "mine"),
      listed("Microsoft.Sql/servers/sql/databases", "copy", { type: "Microsoft.Sql/servers/databases" }),
      listed("Microsoft.Compute/disks", "mine", { managedBy: "" }),
    ];
    assert.deepEqual(await told(...made), ["mine", "mine", "mine", "copy", "mine"]);
  });

  it("are not what a restore has made, once the stack's file names it (docs/adr/0142)", async () => {
    const made = listed("Microsoft.DocumentDB/databaseAccounts", "cosmos-r1", { location: "westus2" });
    assert.deepEqual(await toldBeside([made.id], made), []);
    assert.deepEqual(await toldBeside([`${made.id}2`], made), ["cosmos-r1"]);
    const stack = {
      urn: "urn:pulumi:dev::switchyard::pulumi:pulumi:Stack::switchyard-dev",
      type: "pulumi:pulumi:Stack",
      custom: false,
      outputs: {
        kiranaInventory: { release: { stores: { cosmos: { resourceId: made.id } } } },
        other: "text",
      },
    };
    const recorded = await recordedResources({ ...recordedState(), resources: [stack] }, undefined);
    assert.deepEqual(recorded.stores, [made.id]);
  });

  it("are looked for below the group, whatever the case of its id", async () => {
    const { id, ...rest } = listed("Microsoft.Web/sites", "mine");
    assert.deepEqual(await told({ ...rest, id: id.toUpperCase() }), ["MINE"]);
    assert.deepEqual(
      await told({ ...rest, id: "/subscriptions/x/resourceGroups/other/providers/a/b/c" }),
      [],
    );
  });
});
