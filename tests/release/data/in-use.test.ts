import assert from "node:assert/strict";
import { isNamed, nameIn } from "../../../release/data/in-use";
import { facts } from "./fakes";

describe("release/data/in-use: which database a secret of the vault names", () => {
  for (const [value, holds, expected] of [
    ["postgresql://u:p@h:5432/case_management?sslmode=verify-full", "databaseOfAddress", "case_management"],
    ["mongodb+srv://u:p@h/kirana_store?tls=true", "databaseOfAddress", "kirana_store"],
    ["mongodb+srv://u:p@h/?tls=true", "databaseOfAddress", undefined],
    ["Server=tcp:s,1433;Database=tesoro;Encrypt=True", "catalog", "tesoro"],
    ["Server=tcp:s,1433;Initial Catalog = tesoro", "catalog", "tesoro"],
    ["Server=tcp:s,1433", "catalog", undefined],
    ["https://kirana-r1.documents.azure.com:443/", "endpoint", "kirana-r1"],
    ["nothing", "endpoint", undefined],
  ] as const)
    it(`${holds} ${value}`, () => assert.equal(nameIn(value, holds), expected));

  it("is what the stack names: the database, of Cosmos DB the account", () => {
    const stores = {
      postgres: { database: "restored_a" },
      cosmos: { database: "kirana-db", resourceId: "/providers/x/databaseAccounts/Kirana-r1" },
    };
    const known = facts({ stores });
    assert.ok(isNamed(known, "postgres", "restored_a"));
    assert.ok(!isNamed(known, "postgres", "case_management"));
    assert.ok(isNamed(known, "cosmos", "kirana-R1"));
    assert.ok(!isNamed(known, "cosmos", "r1"));
    assert.ok(!isNamed(known, "mongo", "kirana_store"));
  });
});
