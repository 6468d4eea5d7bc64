import { readFileSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { isMap, parseDocument, Scalar, visit } from "yaml";
import { sealedValue } from "../../infra/config/placeholder";
import { UserError } from "../../local/user-error";
import { localStack, requireStackFile } from "../stack-files";
import { offlineBackendFolder } from "./environment";
import { ensureStack } from "./file-stack";
import type { EngineSession } from "./session";

/**
 * Makes an `--offline` preview possible: a copy of the stack's file without its secrets provider, whose encrypted
 * values are replaced by a stand-in, and an empty stack of that name in a backend of its own. The stack's real file,
 * backend and vault are not touched.
 *
 * @returns Path of the copy.
 */
export async function offlineStackConfig(session: EngineSession, stack: string): Promise<string> {
  const source = requireStackFile(session.workspace, stack);
  const sealed = sealStackFile(readFileSync(source, "utf8"), source, localSalt(session));
  const folder = join(session.workspace.stateDir, "offline");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, `Pulumi.${stack}.yaml`);
  // Two previews at once must not read each other's half.
  await writeFileAtomic(copy, sealed, { mode: 0o600 });
  // `stack init` writes to the project's folder; here that is a folder of our own with the same project name.
  await copyFile(join(session.workspace.root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  await ensureStack(session, stack, offlineBackendFolder(session.workspace), folder);
  return copy;
}

/**
 * A stack file without its secrets provider and with a stand-in for every encrypted value; everything else, quotes
 * included, as it was (the engine would read an unquoted 2026-12-01 as a date).
 *
 * @throws UserError when the text is not a stack file.
 */
export function sealStackFile(text: string, file: string, salt: string): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new UserError(
      `${file} is not a valid stack file: ${document.errors[0]?.message ?? "it holds no map"}`,
    );
  }
  document.delete("secretsprovider");
  document.delete("encryptedkey");
  document.set("encryptionsalt", salt);
  visit(document, {
    Map: (_, map) => (map.items.length === 1 && map.has("secure") ? new Scalar(sealedValue) : undefined),
  });
  return document.toString();
}

/** The salt that fits the local passphrase stands in the dev stack's file. */
function localSalt(session: EngineSession): string {
  const file = requireStackFile(session.workspace, localStack);
  const salt = parseDocument(readFileSync(file, "utf8")).get("encryptionsalt");
  if (typeof salt === "string") return salt;
  throw new UserError(`${file} has no encryptionsalt.`, { mend: "Restore the line from version control." });
}
