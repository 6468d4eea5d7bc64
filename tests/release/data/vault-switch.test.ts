import assert from "node:assert/strict";
import { withCatalog, withDatabase } from "../../../release/data/vault-switch";
import { secrets as caseManagement } from "../../../runbooks/case-management/secrets";
import { connectionSecrets } from "../../../runbooks/connection-secrets";
import { contracts } from "../../../runbooks/contracts";
import { secrets as kiranaInventory } from "../../../runbooks/kirana-inventory/secrets";
import { secrets as kiranaStore } from "../../../runbooks/kirana-store/secrets";
import { secrets as retailAgentic } from "../../../runbooks/retail-agentic/secrets";
import { secrets as tesoroXp } from "../../../runbooks/tesoro-xp/secrets";

const secretsOf: Record<string, readonly { readonly name: string }[]> = {
  "case-management": caseManagement,
  "kirana-inventory": kiranaInventory,
  "kirana-store": kiranaStore,
  "retail-agentic": retailAgentic,
  "tesoro-xp": tesoroXp,
};

describe("release/data/vault-switch: what a restore switches", () => {
  for (const [before, after] of [
    ["postgresql://u:p%40@h:5432/old?sslmode=require", "postgresql://u:p%40@h:5432/new?sslmode=require"],
    [
      "mongodb+srv://u:p@h/old?tls=true&retryWrites=false",
      "mongodb+srv://u:p@h/new?tls=true&retryWrites=false",
    ],
    ["mongodb+srv://u:p@h/?tls=true", "mongodb+srv://u:p@h/new?tls=true"],
    ["mongodb+srv://u:p@h", "mongodb+srv://u:p@h/new"],
    ["jdbc:postgresql://h:5432/old?user=u", "jdbc:postgresql://h:5432/new?user=u"],
  ] as const) {
    it(`in ${before.replace(/p%40|:p@/, "…")} only the database changes`, () => {
      assert.equal(withDatabase(before, "new"), after);
    });
  }

  it("in a connection string only the catalog changes", () => {
    assert.equal(
      withCatalog("Server=tcp:h,1433;Database=old;Encrypt=True", "new"),
      "Server=tcp:h,1433;Database=new;Encrypt=True",
    );
    assert.equal(withCatalog("Initial Catalog=old", "new"), "Initial Catalog=new");
  });

  it("what is no address or names no database is refused without being shown", () => {
    for (const refused of [() => withDatabase("canary", "new"), () => withCatalog("Server=canary", "new")])
      assert.throws(refused, (error: Error) => !error.message.includes("canary"));
  });

  it("every store that a contract restores has its secrets here, and each is a secret of its system", () => {
    for (const { system, entries } of contracts) {
      const restored = new Set(
        entries.flatMap((entry) =>
          entry.word === "step" && entry.does.action === "restore" ? [entry.does.store] : [],
        ),
      );
      const own = connectionSecrets[system] ?? {};
      assert.deepEqual(new Set(Object.keys(own)), restored, system);
      const names = secretsOf[system]!.map(({ name }) => name);
      for (const { secret } of Object.values(own).flat()) assert.ok(names.includes(secret), secret);
    }
  });
});
