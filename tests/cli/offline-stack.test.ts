import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { sealStackFile } from "../../cli/engine/offline-stack";
import { sealedValue } from "../../infra/config/placeholder";

describe("stack file of an offline preview", () => {
  it("has no secrets provider, the local salt, and a stand-in for each encrypted value at any depth", () => {
    const text = [
      "secretsprovider: azurekeyvault://vault.vault.azure.net/keys/pulumi",
      "encryptedkey: AAAA",
      "config:",
      "  kirana-inventory:geminiApiKey:",
      "    secure: CIPHERTEXT",
      "  switchyard:contacts:",
      "    - phone:",
      "        secure: CIPHERTEXT",
      "  switchyard:systems: [kirana-inventory]",
      '  switchyard:since: "2026-12-01"',
    ].join("\n");
    const sealed = sealStackFile(text, "f", "v1:salt");
    assert.match(sealed, /since: "2026-12-01"/);
    assert.deepEqual(parse(sealed), {
      encryptionsalt: "v1:salt",
      config: {
        "kirana-inventory:geminiApiKey": sealedValue,
        "switchyard:contacts": [{ phone: sealedValue }],
        "switchyard:systems": ["kirana-inventory"],
        "switchyard:since": "2026-12-01",
      },
    });
  });

  it("refuses what is not a stack file, by name", () => {
    assert.throws(
      () => sealStackFile("a: [", "Pulumi.x.yaml", "s"),
      /Pulumi\.x\.yaml is not a valid stack file/,
    );
    assert.throws(() => sealStackFile("just text", "Pulumi.x.yaml", "s"), /it holds no map/);
  });
});
