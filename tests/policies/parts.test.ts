import assert from "node:assert/strict";
import fc from "fast-check";
import { isNamedAfter } from "../../policies/azure/alert-rules";
import { armIdOf, comparableId } from "../../policies/azure/arm-id";
import { minutesOf } from "../../policies/azure/duration";
import { vaultReference } from "../../policies/azure/vault-reference";
import { environmentOf, stackNameOf } from "../../policies/environment";
import { holdsPlaceholder, isPlaceholder } from "../../policies/placeholder";
import { systemOfUrn } from "../../policies/systems";
import { kiranaInventory } from "../../runbooks/kirana-inventory";
import { ids } from "./support/fixture";
import { declared } from "./support/judge";
import { kiranaStack } from "./support/kirana-stack";

describe("the environment of a stack", () => {
  it("is its name, or what stands before the first hyphen", () => {
    assert.equal(environmentOf("dev"), "dev");
    assert.equal(environmentOf("staging-blue"), "staging");
    assert.equal(environmentOf("production-platform"), "production");
  });

  it("is production for every other name, so that none escapes the strict rules", () => {
    for (const name of ["", "prod", "development", "dev2", "Dev", "my-dev", "dev-mine"])
      assert.equal(environmentOf(name), "production", name);
  });

  it("is read from the URN", () => {
    assert.equal(stackNameOf("urn:pulumi:production-blue::switchyard::a$b::c"), "production-blue");
  });
});

describe("an ARM id computed from inputs", () => {
  it("equals the comparable form of the id that Azure gives", () => {
    const stack = kiranaStack();
    for (const key of [
      "workspace",
      "insights",
      "cosmos",
      "vault",
      "storage",
      "plan",
      "site",
      "slot",
    ] as const) {
      const resource = stack.find((candidate) => candidate.key === key)!;
      assert.equal(armIdOf(declared(resource, "production")), comparableId(ids[key]), key);
    }
  });
});

describe("a Key Vault reference", () => {
  it("is read in both spellings", () => {
    assert.deepEqual(vaultReference("@Microsoft.KeyVault(VaultName=v1;SecretName=a-b)"), {
      vaultName: "v1",
      secretName: "a-b",
    });
    assert.deepEqual(
      vaultReference("@Microsoft.KeyVault(SecretUri=https://v1.vault.azure.net/secrets/a-b/)"),
      {
        vaultName: "v1",
        secretName: "a-b",
      },
    );
    assert.deepEqual(
      vaultReference("@Microsoft.KeyVault(SecretUri=https://v1.vault.azure.net/secrets/a/0f)"),
      {
        vaultName: "v1",
        secretName: "a",
        version: "0f",
      },
    );
  });

  it("is nothing else", () => {
    for (const text of [
      "",
      "@Microsoft.KeyVault()",
      "@Microsoft.KeyVault(SecretName=a)",
      " @Microsoft.KeyVault(VaultName=v;SecretName=a)",
    ]) {
      assert.equal(vaultReference(text), undefined, text);
    }
  });
});

describe("a duration", () => {
  it("is read back from every spelling of its minutes", () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(23), fc.integer({ min: 1, max: 59 }), (days, hours, minutes) => {
        assert.equal(minutesOf(`P${days}DT${hours}H${minutes}M`), (days * 24 + hours) * 60 + minutes);
      }),
    );
    assert.equal(minutesOf("PT1H"), 60);
    assert.equal(minutesOf("P1D"), 1440);
    for (const text of ["", "P", "PT", "5M", "PT5S", "PT5m"]) assert.equal(minutesOf(text), undefined, text);
  });
});

describe("an alert's name", () => {
  it("is found in the name of its own rule and of no other", () => {
    const names = kiranaInventory.alerts.map(({ name }) => name);
    for (const name of names) {
      assert.deepEqual(
        names.filter((other) => isNamedAfter(`kirana-${name}-prod`, other)),
        [name],
      );
    }
    assert.equal(isNamedAfter("kirana-errors-counted-prod", "errors-count"), false);
  });
});

describe("a placeholder", () => {
  it("is known by its marks", () => {
    for (const text of [
      "<owner: API key>",
      "",
      "  ",
      "PLACEHOLDER",
      "https://hooks.example.com/x",
      "changeme",
      "xxxx",
    ]) {
      assert.ok(isPlaceholder(text), text);
    }
    for (const text of ["a real value", "https://hooks.slack.com/services/T/B/x", "none-of-your-business"]) {
      assert.ok(!isPlaceholder(text), text);
    }
  });

  it("is found anywhere in a list or a map", () => {
    for (const value of [{ location: "trust/root.json", keys: ["<owner: id of a key>"] }, ["<owner: a day>"]])
      assert.ok(holdsPlaceholder(value), JSON.stringify(value));
    const whole = { location: "trust/root.json", keys: ["sha256:0"], threshold: 1 };
    for (const value of [whole, undefined, null, 7]) assert.ok(!holdsPlaceholder(value));
  });
});

describe("the system of a URN", () => {
  it("is the component anywhere above the resource", () => {
    const component = "switchyard:systems:KiranaInventory";
    assert.equal(
      systemOfUrn(`urn:pulumi:dev::switchyard::${component}$switchyard:azure:Site$azure-native:web:WebApp::a`)
        ?.name,
      "kirana-inventory",
    );
    assert.equal(
      systemOfUrn("urn:pulumi:dev::switchyard::azure-native:web:WebApp::KiranaInventory"),
      undefined,
    );
  });
});
