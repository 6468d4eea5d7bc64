import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { rules } from "../../policies/registry";
import { nameOfSecret, secretShape } from "../../policies/secret-detection";
import type { FixtureResource } from "./support/fixture";
import { findingsOf, judge } from "./support/judge";
import { kiranaStack } from "./support/kirana-stack";

describe("a secret in an app setting", () => {
  const secrets: Readonly<Record<string, string>> = {
    "storage account key":
      "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=YWJjZGVmZw==;EndpointSuffix=core.windows.net",
    "service bus key":
      "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=YWJjZGVmZw==",
    "shared access signature":
      "https://a.blob.core.windows.net/c/b.zip?sv=2022-11-02&sp=r&sig=abcdefghijklmnop%3D",
    "database password": "Server=tcp:a.database.windows.net;Database=b;User ID=c;Password=d;",
    "address with a password": "mongodb+srv://user:secret@cluster.mongodb.net/db",
    "JSON web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nabc",
    "Google API key": `AIza${"Sy0aBcDeFgHiJkLmNoPqRsTuVwXyZ01234"}`,
    "Slack webhook": "https://hooks.slack.com/services/T0/B0/xyz",
    "Application Insights":
      "InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=https://x/",
    "function key in an address": "https://a.azurewebsites.net/api/f?code=abcdefghijk",
    "GitHub token": `ghp_${"a1B2c3D4e5F6g7H8i9J0k1L2"}`,
    "malformed reference": "@Microsoft.KeyVault(VaultName=a)",
  };
  for (const [kind, value] of Object.entries(secrets)) {
    it(`is found by its shape: ${kind}`, () => {
      const reason = secretShape(value);
      assert.ok(reason);
      assert.ok(!reason.includes(value));
    });
  }

  const plain = [
    "node",
    "~4",
    "1",
    "production",
    "managedidentity",
    "kirana-functions-staging",
    "kirana-cosmosdb-production",
    "https://kirana-cosmosdb-prod.documents.azure.com:443/",
    "https://kirana-keyvault-production.vault.azure.net/",
    "00000000-0000-4000-8000-0000000de000",
    "/subscriptions/00000000-0000-4000-8000-0000000de000/resourceGroups/kirana-prod-rg/providers/Microsoft.DocumentDB/databaseAccounts/kirana-cosmosdb-prod",
    "https://app.kirana.io,https://api.kirana.io",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "Microsoft.Azure.Functions.ExtensionBundle",
    "America/Los_Angeles",
    "[4.*, 5.0.0)",
    "EnableWorkerIndexingForAllFunctions",
    "kiranadevstoragea1b2c3d4",
    "Authorization=AAD",
    "The-Quick-Brown-Fox-Jumps-Over-The-Lazy-Dog",
  ];
  for (const value of plain) {
    it(`is not seen in ${value}`, () => assert.equal(secretShape(value), undefined));
  }

  it("is found in keys of 24 to 32 random bytes, in base64 and in hexadecimal", () => {
    // Digests stand for random bytes, so that every run tries the same ones.
    for (let n = 0; n < 2000; n++) {
      const bytes = createHash("sha256")
        .update(`key ${n}`)
        .digest()
        .subarray(0, 24 + (n % 9));
      for (const encoding of ["base64", "base64url", "hex"] as const) {
        const key = bytes.toString(encoding);
        assert.ok(secretShape(key), key);
      }
    }
  });

  it("is not seen in names of lower-case words", () => {
    const word = fc.stringMatching(/^[a-z]{2,9}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        (words) => secretShape(words.join("-")) === undefined,
      ),
    );
  });

  for (const name of [
    "DATABASE_PASSWORD",
    "geminiApiKey",
    "Slack:Webhook",
    "JWT_SECRET",
    "STORAGE_CONNECTION_STRING",
    "SasToken",
  ]) {
    it(`is expected under the name ${name}`, () => assert.ok(nameOfSecret(name, "anything")));
  }

  it("is not expected under names that only sound like it, nor under the platform's own", () => {
    for (const name of ["MONKEY_COUNT", "KEYBOARD", "COMPASS", "PATIENT", "TOKENIZER"]) {
      assert.equal(nameOfSecret(name, "x"), undefined, name);
    }
    assert.equal(nameOfSecret("AzureWebJobsStorage__credential", "managedidentity"), undefined);
    assert.equal(nameOfSecret("AzureWebJobsSecretStorageType", "keyvault"), undefined);
    assert.ok(nameOfSecret("AzureWebJobsStorage__credential", "something else"));
  });
});

describe("messages of the whole pack", () => {
  it("never hold a text of the stack that could be a secret, whatever is broken", () => {
    const marker = "q7Zr2LkX9vB4mN8sT1wYcE5u";
    const stack = kiranaStack().map(
      (resource): FixtureResource => ({ ...resource, props: poisoned(resource.props, marker) }),
    );
    const messages = rules
      .flatMap((rule) => findingsOf(judge(rule, stack, "production")))
      .map(({ message }) => message);
    assert.ok(messages.length > 0);
    for (const message of messages) assert.ok(!message.includes(marker), message);
  });
});

/** Every text that does not name a resource, replaced: names are needed for the rules to find what belongs together. */
function poisoned<T>(value: T, marker: string, key = ""): T {
  if (typeof value === "string")
    return (/name|scope|id$|uri|groups/i.test(key) ? value : `${marker}+/=`) as T;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, marker, key)) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, poisoned(inner, marker, name)]),
  ) as T;
}
