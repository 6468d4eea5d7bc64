import assert from "node:assert/strict";
import { dummyImage } from "../../infra/config/shared-settings";
import { readSettings } from "../../infra/settings";
import { type Changes, changed, refusal } from "./support/refusal";
import { stackFile } from "./support/stack-settings";

function dev(changes: Changes, secrets: readonly string[] = []): string {
  return refusal(changed(stackFile("dev"), changes, secrets), "dev");
}

function production(changes: Changes, secrets: readonly string[] = []): string {
  return refusal(changed(stackFile("production"), changes, secrets), "production", true);
}

describe("faults of settings", () => {
  // Fault, what is changed, and what the message must say about it.
  const table: readonly [string, () => string, readonly RegExp[]][] = [
    [
      "a misspelled key: the likely one, and not its value, which may be a secret",
      () => dev({ "kirana-inventory:planSise": "hunter2" }),
      [
        /kirana-inventory:planSise\n\s+received: an unknown key; its value is not shown/,
        /did you mean kirana-inventory:planSize\?/,
      ],
    ],
    [
      "a misspelled namespace",
      () => dev({ "kirana-inventroy:planSize": "P1v3" }),
      [/an unknown namespace, "kirana-inventroy"/, /did you mean kirana-inventory:planSize\?/],
    ],
    [
      "a key in the wrong namespace",
      () => dev({ "kirana-inventory:owner": "me" }),
      [/did you mean switchyard:owner\?/],
    ],
    [
      "a key that resembles none",
      () => dev({ "switchyard:zzzzzzzzzzzz": "1" }),
      [/remove it: pulumi config rm switchyard:zzzzzzzzzzzz --stack dev/],
    ],
    [
      "a wrong type",
      () => dev({ "kirana-inventory:planInstances": "three" }),
      [/kirana-inventory:planInstances\n\s+received: "three"\n\s+allowed:\s+a whole number from 1 to 30/],
    ],
    [
      "a network whose range does not begin with its first address",
      () => dev({ "kirana-inventory:networkRange": "10.40.0.5/26" }),
      [/kirana-inventory:networkRange\n\s+received: "10\.40\.0\.5\/26"\n\s+allowed:.*first address/],
    ],
    [
      "a network without room for a subnet of tasks",
      () => dev({ "tesoro-xp:networkRange": "10.41.2.0/26" }),
      [
        /tesoro-xp:networkRange\n\s+received: "10\.41\.2\.0\/26"\n\s+allowed:\s+a private address range of \/20 to \/25/,
      ],
    ],
    [
      "an image by a tag that can be moved",
      () => dev({ "tesoro-xp:migrationsImage": "registry.invalid/migrations:latest" }),
      [/tesoro-xp:migrationsImage\n\s+received: .*latest.*\n\s+allowed:\s+an image by digest/],
    ],
    [
      "addresses that there are not",
      () =>
        dev({
          "kirana-inventory:networkRange": "10.400.0.0/26",
          "kirana-inventory:developerIpRanges": '["203.0.113.7", "203.0.113.0/33"]',
        }),
      [
        /networkRange\n\s+received: "10\.400\.0\.0\/26"/,
        /developerIpRanges\[1\]\n\s+received: "203\.0\.113\.0\/33"/,
      ],
    ],
    [
      "a region without Static Web Apps",
      () => dev({ "kirana-inventory:staticSiteLocation": "northeurope" }),
      [/staticSiteLocation\n\s+received: "northeurope"\n\s+allowed:.*westeurope/],
    ],
    [
      "a wrong boolean",
      () => dev({ "kirana-inventory:cdn": "yes" }),
      [/received: "yes"\n\s+allowed:\s+true, false/],
    ],
    [
      "a wrong list",
      () => dev({ "switchyard:systems": "kirana-inventory" }),
      [/switchyard:systems\n\s+received: "kirana-inventory"/],
    ],
    [
      "a system that cannot be declared",
      () => dev({ "switchyard:systems": '["tesoro"]' }),
      [/switchyard:systems\[0\]\n\s+received: "tesoro"\n\s+allowed:.*kirana-inventory/],
    ],
    [
      "a missing key",
      () => dev({ "switchyard:owner": undefined }),
      [
        /switchyard:owner\n\s+received: nothing/,
        /pulumi config set switchyard:owner 'kirana-platform' --stack dev/,
      ],
    ],
    [
      "a value out of range",
      () => dev({ "kirana-inventory:monthlyBudgetUsd": "-5" }),
      [/received: -5\n\s+allowed:\s+a number above 0/],
    ],
    [
      "an unknown part of a map",
      () =>
        production({
          "kirana-inventory:contacts":
            '{"leadEngineer":{"name":"a","contact":"b","fax":"c"},"devOpsLead":{"name":"a","contact":"b"},"productManager":{"name":"a","contact":"b"},"cto":{"name":"","contact":"b"}}',
        }),
      [/contacts\.leadEngineer\n\s+received: unknown "fax"/, /contacts\.cto\.name\n\s+received: ""/],
    ],
    [
      "an example's domain",
      () => dev({ "kirana-inventory:appDomain": "app.example.com" }),
      [/received: "app.example.com"\n\s+allowed:\s+a host name that is nobody's example/],
    ],
    [
      "an environment that the stack's name contradicts",
      () => dev({ "switchyard:environment": "staging" }),
      [/received: "staging"\n\s+allowed:\s+dev, as the stack's name dev says/],
    ],
    [
      "an unknown environment",
      () => dev({ "switchyard:environment": "qa" }),
      [/switchyard:environment\n\s+received: "qa"\n\s+allowed:\s+dev, staging, production/],
    ],
    [
      "the local cloud outside dev",
      () => production({ "switchyard:localCloud": "true" }),
      [/switchyard:localCloud\n\s+received: true\n\s+allowed:.*for dev alone/],
    ],
    [
      "a real subscription under the local cloud",
      () => dev({ "azure-native:subscriptionId": "1f0b4c1e-8a55-4f0f-9d9f-5e1d6c6d3a10" }),
      [
        /azure-native:subscriptionId\n.*\n\s+allowed:\s+00000000-0000-4000-8000-0000000de000, the embedded local cloud's/,
      ],
    ],
    [
      "the local subscription without the local cloud",
      () => production({ "azure-native:subscriptionId": "00000000-0000-4000-8000-0000000de000" }),
      [/azure-native:subscriptionId\n.*\n\s+allowed:\s+a real one/],
    ],
    [
      "a domain outside the zone",
      () => dev({ "kirana-inventory:apiDomain": "api.other.test" }),
      [/received: "api.other.test"\n\s+allowed:\s+a host name below kirana.test/],
    ],
    [
      "a stack without a host for the web app",
      () => dev({ "kirana-inventory:appDomain": undefined }),
      [/kirana-inventory:appDomain\n\s+received: nothing/],
    ],
    [
      "another domain in production",
      () => production({ "kirana-inventory:apiDomain": "api.other.test" }),
      [/production has the runbook's api.kirana.io/],
    ],
    [
      "one instance in production",
      () => production({ "kirana-inventory:planInstances": "1" }),
      [/planInstances\n\s+received: 1\n\s+allowed:\s+in production at least 2/],
    ],
    [
      "one instance in production, of another app",
      () => production({ "tesoro-xp:planInstances": "1" }),
      [/tesoro-xp:planInstances\n\s+received: 1\n\s+allowed:\s+in production at least 2/],
    ],
    [
      "a plan that may have fewer instances than it always has",
      () => dev({ "tesoro-xp:planInstances": "3", "tesoro-xp:planMaximumInstances": "2" }),
      [/tesoro-xp:planMaximumInstances\n\s+received: 2\n\s+allowed:\s+at least 3/],
    ],
    [
      "production without the staging stack's app, whose health a release asks first",
      () => {
        const { values, secretKeys } = stackFile("production");
        const { "tesoro-xp:stagingHost": _gone, ...rest } = values;
        return refusal({ values: rest, secretKeys }, "production", true);
      },
      [/tesoro-xp:stagingHost\n\s+received: nothing/, /output tesoroXp\.app\.siteHost of the staging stack/],
    ],
    [
      "production that does not say where its journals are, so that no track would see a release",
      () => {
        const { values, secretKeys } = stackFile("production");
        const { "switchyard:journal": _gone, ...rest } = values;
        return refusal({ values: rest, secretKeys }, "production", true);
      },
      [/switchyard:journal\n\s+received: nothing/],
    ],
    [
      "production that does not say where releases run, so that no vault would let one read a secret",
      () => {
        const { values, secretKeys } = stackFile("production");
        const { "switchyard:runnerNetworks": _gone, ...rest } = values;
        return refusal({ values: rest, secretKeys }, "production", true);
      },
      [/switchyard:runnerNetworks\n\s+received: nothing/],
    ],
    ...[
      "10.1.0.0/16",
      "172.16.4.1",
      "192.168.0.0/24",
      "203.0.113.7/32",
      "203.0.0.0/8",
      "/subscriptions/a",
    ].map((network): [string, () => string, readonly RegExp[]] => [
      `${network} as where releases run, which a firewall of Azure does not take`,
      () => production({ "switchyard:runnerNetworks": JSON.stringify([network]) }),
      [/switchyard:runnerNetworks\[0\]\n\s+received: .*\n\s+allowed:.*public range of \/16 to \/30/],
    ]),
    [
      "an image of cert-manager by a tag, and one that is not given, which the chart would name by a tag",
      () => {
        const given = Object.fromEntries(
          ["cainjector", "acmesolver", "startupapicheck"].map((name) => [name, dummyImage]),
        );
        const controller = "quay.io/jetstack/cert-manager-controller:v1.18.2";
        return production({ "platform:certificateManagerImages": JSON.stringify({ ...given, controller }) });
      },
      [
        /platform:certificateManagerImages\.controller\n\s+received: "quay\.io/,
        /platform:certificateManagerImages\.webhook\n\s+received: nothing/,
      ],
    ],
    [
      "no holidays, one that is no day, and a period that ends before it begins",
      () =>
        production({ "switchyard:holidays": "[]" }) +
        production({ "switchyard:holidays": '["25.12."]' }) +
        production({ "switchyard:holidays": '["2026-12-25","2026-12-31/2026-12-21"]' }),
      [
        /switchyard:holidays[\s\S]*at least one day/,
        /switchyard:holidays\[0\]\n\s+received: "25\.12\."/,
        /switchyard:holidays\[1\]\n\s+received: "2026-12-31\/2026-12-21"/,
      ],
    ],
    [
      "an app's name that Azure would not take",
      () => dev({ "tesoro-xp:appSuffix": "Not_A_Name" }),
      [/tesoro-xp:appSuffix\n\s+received: "Not_A_Name"\n\s+allowed:\s+2 to 16 lower-case letters/],
    ],
    [
      "a number of cores that no database has, and an administrator who is no group",
      () =>
        dev({
          "tesoro-xp:databaseVCores": "3",
          "tesoro-xp:sqlAdministratorGroup": '{"objectId":"somebody","name":"dbas"}',
        }),
      [
        /tesoro-xp:databaseVCores\n\s+received: 3\n\s+allowed:\s+2, 4, 6/,
        /tesoro-xp:sqlAdministratorGroup\.objectId\n\s+received: "somebody"/,
      ],
    ],
    [
      "developers at production's database",
      () => production({ "kirana-inventory:developerIpRanges": '["203.0.113.7"]' }),
      [/developers share the database of staging, never production's/],
    ],
    [
      "a secret in clear, which is not repeated",
      () => production({ "kirana-inventory:geminiApiKey": "hunter2hunter2" }),
      [
        /geminiApiKey\n\s+received: a value in clear, not shown/,
        /pulumi config set --secret kirana-inventory:geminiApiKey/,
      ],
    ],
    [
      "an encrypted secret of the wrong form, which is not shown",
      () =>
        production({ "kirana-inventory:slackWebhookProd": "hunter2hunter2" }, [
          "kirana-inventory:slackWebhookProd",
        ]),
      [/slackWebhookProd\n\s+received: a value that is not shown/],
    ],
    [
      "a secret in dev",
      () => dev({ "kirana-inventory:geminiApiKey": "hunter2hunter2" }, ["kirana-inventory:geminiApiKey"]),
      [/geminiApiKey\n\s+received: an encrypted value\n\s+allowed:\s+no secret in dev/],
    ],
    [
      "the provider's secret in clear",
      () => production({ "azure-native:clientSecret": "hunter2hunter2" }),
      [
        /azure-native:clientSecret\n\s+received: a value in clear, not shown/,
        /pulumi config set --secret azure-native:clientSecret --stack production/,
      ],
    ],
    [
      "a placeholder in dev",
      () => dev({ "switchyard:owner": "<owner: a team>" }),
      [/received: the placeholder <owner: a team>/, /dev has no placeholders/],
    ],
    [
      "a placeholder in a list of dev, which is set as a whole",
      () => dev({ "kirana-inventory:alertEmails": '["<owner: a mail address>"]' }),
      [
        /kirana-inventory:alertEmails\[0\]\n/,
        /pulumi config set kirana-inventory:alertEmails '.*' --stack dev/,
      ],
    ],
    [
      "a placeholder where none is accepted",
      () => production({ "kirana-inventory:planSize": "<owner: a size>" }),
      [/planSize\n\s+received: the placeholder <owner: a size>/, /this setting has none/],
    ],
    [
      "a placeholder that is not the whole value",
      () => production({ "switchyard:owner": "team <owner: name>" }),
      [/a placeholder that is the whole value/],
    ],
  ];
  for (const [fault, message, expected] of table) {
    it(fault, () => {
      const text = message();
      for (const pattern of expected) assert.match(text, pattern);
      assert.ok(!text.includes("hunter2"), "a secret is in the message");
      assert.match(text, /have 1 fault:|have 2 faults:/);
    });
  }

  it("all of them in one message", () => {
    const text = dev({
      "switchyard:ownr": "x",
      "switchyard:costCenter": undefined,
      "kirana-inventory:planSize": "huge",
      "kirana-inventory:budgetStartDate": "2026-12-15",
      "kirana-inventory:networkRange": "8.8.8.0/24",
    });
    assert.match(text, /^The settings of stack dev have 5 faults:/);
    for (const key of ["ownr", "costCenter", "planSize", "budgetStartDate", "networkRange"]) {
      assert.ok(text.includes(`:${key}\n`), key);
    }
  });

  it("what belongs to the engine or the provider's login is left alone", () => {
    const raw = changed(stackFile("dev"), { "pulumi:tags": "{}", "azure-native:useOidc": "true" });
    assert.equal(readSettings(raw, { stack: "dev", offline: false }).stack.name, "dev");
  });
});
