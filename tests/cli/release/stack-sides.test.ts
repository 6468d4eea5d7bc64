import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declareSide, sidesOfStack } from "../../../cli/release/stack-sides";
import { root } from "../../support/root";

const system = "case-management";

describe("the declaration of a candidate in a stack's file", () => {
  let folder: string;
  const stack = "dev";
  const file = () => join(folder, "Pulumi.dev.yaml");
  const workspace = () => ({ root: folder, dist: "", policyPack: "", stateDir: folder });
  const declare = (version: string, digit = "a") =>
    declareSide(workspace(), {
      stack,
      system,
      colour: "green",
      block: {
        version,
        images: Object.fromEntries(
          ["case-management-backend", "case-management-frontend"].map((name) => [
            name,
            `registry.invalid/${name}@sha256:${digit.repeat(64)}`,
          ]),
        ),
      },
    });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-sides-"));
    copyFileSync(join(root, "Pulumi.dev.yaml"), file());
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is written once, beside the other colour", async () => {
    const before = sidesOfStack(workspace(), stack, system);
    assert.equal(await declare("2026.12.01"), true);
    const sides = sidesOfStack(workspace(), stack, system);
    assert.deepEqual([sides.green?.version, sides.blue], ["2026.12.01", before.blue]);
    assert.equal(await declare("2026.12.01"), false);
  });

  it("is refused, with nothing written, where the next update of the stack would refuse it", async () => {
    const before = readFileSync(file(), "utf8");
    await assert.rejects(
      declare("2026.12.1"),
      /case-management:sides\.green\.version: received "2026\.12\.1"; allowed: .*YYYY\.MM\.DD/,
    );
    const { blue } = sidesOfStack(workspace(), stack, system);
    await assert.rejects(declare(blue!.version), /one version for one set of images/);
    assert.equal(readFileSync(file(), "utf8"), before);
  });
});
