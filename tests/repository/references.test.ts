import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { root } from "../support/root";

// Sources and printed mends name pages of docs/; pages link to each other. Not shown: that a page says what it is named for.

const folders =
  "attestation bin cli docs infra local plugin-server policies provider release reports runbooks tests".split(
    " ",
  );
const generated = /(?:^|\/)(?:dist|node_modules|golden)\//;

/** Files of the repository that people write and that are text, by their path from its root. */
function written(): readonly string[] {
  const inFolders = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/")),
  );
  const atRoot = readdirSync(root).filter((name) => name.endsWith(".md") || name.endsWith(".yaml"));
  return [...inFolders, ...atRoot].filter(
    (file) =>
      !file.endsWith("/references.test.ts") &&
      /\.(?:ts|cjs|md|yaml|yml)$/.test(file) &&
      !generated.test(file),
  );
}

const decisions = readdirSync(join(root, "docs/adr"));

/** A runbook's own pages lie in folders of its system's repository, such as `docs/testing/`: those are not meant. */
function missingPages(text: string): readonly string[] {
  const pages = [...text.matchAll(/\bdocs\/[\w.-]+\.md\b/g)].map(([page]) => page);
  const numbers = [...text.matchAll(/\bdocs\/adr\/(\d{4})/g)].map(([, number]) => number!);
  return [
    ...pages.filter((page) => !existsSync(join(root, page))),
    ...numbers
      .filter((number) => !decisions.some((name) => name.startsWith(`${number}-`)))
      .map((number) => `docs/adr/${number}`),
  ];
}

function brokenLinks(file: string, text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target))
    .filter((target) => !existsSync(resolve(root, dirname(file), target)));
}

describe("references", () => {
  const files = written();

  it("to a page of docs/ or to a decision name one that exists", () => {
    const missing = files.flatMap((file) =>
      missingPages(readFileSync(join(root, file), "utf8")).map((page) => `${file}: ${page}`),
    );
    assert.deepEqual(missing, []);
  });

  it("between pages lead to a file", () => {
    const broken = files
      .filter((file) => file.endsWith(".md"))
      .flatMap((file) =>
        brokenLinks(file, readFileSync(join(root, file), "utf8")).map((target) => `${file}: ${target}`),
      );
    assert.deepEqual(broken, []);
  });

  it("to what does not exist are found, so the tests above can fail", () => {
    assert.deepEqual(missingPages(["docs", "nothing.md"].join("/")), ["docs/nothing.md"]);
    assert.deepEqual(missingPages(["docs", "adr", "9999"].join("/")), ["docs/adr/9999"]);
    assert.deepEqual(brokenLinks("docs/a.md", "[b](no-such.md#part)"), ["no-such.md"]);
  });
});
