import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { invokes, resourceTypes } from "../../local/cloud/resource-types";
import { root } from "../support/root";

/** Operation of Azure by which an action is allowed: a path without its names. */
function operation(path: string): string {
  const [, type = ""] = path.split("/providers/");
  return `${type.replace(/\/\{[^}]+\}/g, "")}/action`;
}

/** All of infra/ as one text. */
function program(): string {
  const files = readdirSync(join(root, "infra"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(root, "infra", file), "utf8"))
    .join("\n");
}

describe("the role of previews (docs/ci/preview-role.json)", () => {
  const role = JSON.parse(readFileSync(join(root, "docs", "ci", "preview-role.json"), "utf8"));

  it("allows every action that the program asks of what exists already, and every read that is a POST: Reader has none", () => {
    const text = program();
    const asked = Object.entries(invokes).flatMap(([token, invoke]) =>
      invoke.kind === "action" && text.includes(`${token.split(":").at(-1)}Output(`)
        ? [operation(invoke.path)]
        : [],
    );
    const folder = join(root, "tests", "infra", "golden", "production");
    const declared = new Set(
      readdirSync(folder)
        .flatMap((file) => Object.keys(JSON.parse(readFileSync(join(folder, file), "utf8"))))
        .map((resource) => resource.split(" ")[0]),
    );
    const listed = resourceTypes
      .filter(({ token, readBy }) => readBy !== undefined && declared.has(token))
      // The last part is a name: `appsettings` of `config`.
      .map(({ id, readBy }) => operation(`${id.replace(/\/[^/{]+$/, "")}${readBy}`));
    assert.deepEqual([...new Set([...asked, ...listed])].sort(), role.Actions);
    assert.ok(asked.length > 0 && listed.length === 2);
  });

  it("reads objects of custom kinds, which no role of Azure's own does, and no Secrets", () => {
    assert.deepEqual(role.DataActions, ["Microsoft.ContainerService/managedClusters/*/read"]);
    assert.deepEqual(role.NotDataActions, ["Microsoft.ContainerService/managedClusters/secrets/read"]);
    for (const allowed of [...role.Actions, ...role.DataActions])
      assert.match(allowed, /\/(?:read|list\w*\/action)$/);
  });
});
