import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { repoRoot } from "../../local/repo-root";

const folders = ["cli", "infra", "local/cloud", "local/cluster", "local/providers", "provider", "release"];
/** Those that work on a stack, where they stand to be typed; a line of source holds a whole message, or a comment. */
const onStack = /pulumi (?:config set|config rm|cancel|destroy|refresh|stack output|state delete)\b(?!\))/g;

/** A stack that is not named is the selected one, which is none where only switchyard was used, or another one. */
describe("commands of plain pulumi in messages", () => {
  const printed = sources().flatMap(({ name, text }) =>
    text
      .split("\n")
      .filter((line) => !/^\s*(\/?\*|\/\/)/.test(line) && /["'`].*pulumi /.test(line))
      .flatMap((line) => [...line.matchAll(onStack)].map(({ index }) => ({ name, said: line.slice(index) }))),
  );

  it("are found in the sources", () => {
    assert.ok(printed.length > 20, `${printed.length}`);
  });

  it("name the stack", () => {
    assert.deepEqual(
      printed.filter(({ said }) => !said.includes("--stack")),
      [],
    );
  });
});

function sources(): readonly { readonly name: string; readonly text: string }[] {
  const root = repoRoot();
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => {
        const file = join(root, folder, name);
        return { name: relative(root, file), text: readFileSync(file, "utf8") };
      }),
  );
}
