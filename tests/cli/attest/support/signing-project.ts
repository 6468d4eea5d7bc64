import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { fileSigner } from "../../../../attestation/keys";
import { signerNamed } from "../../../../cli/attest/named-key";
import { evidenceCommand } from "../../../../cli/commands/evidence";
import { exemptionCommand } from "../../../../cli/commands/exemption";
import { trustCommand } from "../../../../cli/commands/trust";
import type { Workspace } from "../../../../cli/workspace";
import { silentProgress } from "../../../../local/progress";
import { UserError } from "../../../../local/user-error";
// Loaded by the commands when they need it; here before the first test, because that takes a while.
import "../../../../policies/exemptions/open";

export function workspaceIn(folder: string): Workspace {
  return { root: folder, dist: "", policyPack: folder, stateDir: join(folder, ".switchyard") };
}

/** The commands that sign, on a project of their own: a trust root, a file of exemptions and a folder of evidence. */
export class SigningProject {
  folder = "";
  /** What the last command wrote to stdout and to stderr. */
  printed = "";
  said = "";
  /** Private keys by address in Key Vault. */
  readonly inVault = new Map<string, string>();

  /** A new one for each test of the suite that this is called in. */
  static forEach(): SigningProject {
    const project = new SigningProject();
    beforeEach(() => {
      project.folder = mkdtempSync(join(tmpdir(), "switchyard-attest-"));
    });
    afterEach(() => rmSync(project.folder, { recursive: true, force: true }));
    return project;
  }

  readonly run = async (...argv: string[]): Promise<string> => {
    [this.printed, this.said] = ["", ""];
    const context = {
      workspace: workspaceIn(this.folder),
      progress: silentProgress,
      signal: new AbortController().signal,
      out: (text: string) => {
        this.printed += text;
      },
      say: (line: string) => {
        this.said += `${line}\n`;
      },
    };
    const program = new Command("switchyard");
    for (const make of [exemptionCommand, trustCommand]) program.addCommand(make(context));
    const named: typeof signerNamed = async (key, user) => {
      const pem = this.inVault.get(key);
      return pem === undefined ? signerNamed(key, user) : fileSigner(pem);
    };
    program.addCommand(evidenceCommand(context, named));
    await program.parseAsync(argv, { from: "user" });
    return this.printed;
  };

  /** Message and mend with which a command line is refused. */
  readonly refusalOf = async (...argv: string[]): Promise<string> => {
    try {
      await this.run(...argv);
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return `${error.message}\n${error.mend}`;
    }
    return assert.fail("it was not refused");
  };

  /** A trust root for dev, with the keys of `owner` and `approver` in files. */
  readonly makeTrust = async (): Promise<void> => {
    const setting = await this.run("trust", "init");
    writeFileSync(
      join(this.folder, "Pulumi.dev.yaml"),
      `config:\n  ${setting.trim()}\n  switchyard:evidence: {"location":"evidence"}\n`,
    );
  };

  readonly key = (id: string): string => join(this.folder, ".switchyard", "trust", `${id}.key.pem`);

  /** Signs an exemption of dev. */
  readonly signExemption = (...more: string[]): Promise<string> =>
    this.run(
      ...["exemption", "sign", "--rule", "web-ftps-disabled"],
      ...["--resource", "urn:pulumi:dev::switchyard::**::site", ...more],
    );
}

const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
/** Options that make an exemption whole. */
export const exemptionFields = [
  ...["--reason", "The supplier's importer speaks FTPS until May.", "--owner", "owner"],
  ...["--approver", "approver", "--ticket", "OPS-1", "--expires", expires],
];
