import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { repoRoot } from "../../../local/repo-root";

let sarif: ValidateFunction | undefined;
let preview: ValidateFunction | undefined;

/** The official schema of SARIF, compiled once: in a package, because its own repository's terms allow no copy here. */
export function sarifSchema(): ValidateFunction {
  // One of its patterns is none in Unicode mode.
  sarif ??= addFormats(new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })).compile(
    schemaIn("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"),
  );
  return sarif;
}

/** The schema of this project's own JSON, compiled once. */
export function previewSchema(): ValidateFunction {
  preview ??= new Ajv2020({ strict: true, allErrors: true }).compile(schemaIn("reports/preview.schema.json"));
  return preview;
}

function schemaIn(file: string): object {
  return JSON.parse(readFileSync(join(repoRoot(), file), "utf8")) as object;
}
