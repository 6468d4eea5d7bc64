import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Surroundings } from "../../../release/clients/surroundings";
import { dataWorldOf } from "../../../release/data";
import type { DataContext } from "../../../release/data/data-adapter";
import { factsOf } from "../plan/support/questions";

describe("what adapters of data reach", () => {
  let stateDir: string;
  before(() => {
    stateDir = mkdtempSync(join(tmpdir(), "state-"));
    mkdirSync(join(stateDir, "cloud"));
    const endpoint = { url: "http://127.0.0.1:1", token: "token-of-dev" };
    writeFileSync(join(stateDir, "cloud", "endpoint.json"), JSON.stringify(endpoint));
  });
  after(() => rmSync(stateDir, { recursive: true, force: true }));

  const vaultOf = (environment: "dev" | "production") => {
    const surroundings = {
      environment,
      outside: { stateDir, login: { token: async (scope: string) => `azure-${scope}` } },
    } as unknown as Surroundings;
    return dataWorldOf(surroundings).vault({ facts: factsOf("tesoro-xp") } as unknown as DataContext);
  };

  it("is the vault with the login that it takes: on dev the embedded cloud's, elsewhere Azure's", async () => {
    assert.equal(await vaultOf("dev").login.token("vault"), "token-of-dev");
    assert.equal(await vaultOf("production").login.token("vault"), "azure-vault");
  });
});
