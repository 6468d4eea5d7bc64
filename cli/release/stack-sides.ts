import { readFileSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import { parseDocument } from "yaml";
import { type SettingFault, SettingsError } from "../../infra/config/fault";
import { rawConfigOf, readSettings } from "../../infra/settings";
import { UserError } from "../../local/user-error";
import { releaseKey, type SideBlock, type Sides } from "../../runbooks/sides";
import type { Colour } from "../../runbooks/target";
import { requireStackFile } from "../stack-files";
import { readStackConfig } from "../stack-settings";
import type { Workspace } from "../workspace";

/** Blocks of both colours of a system as its stack's file has them; none for a system of sites. */
export function sidesOfStack(workspace: Workspace, stack: string, system: string): Sides {
  const sides = readStackConfig(workspace, stack)[`${system}:sides`];
  return typeof sides === "object" && sides !== null ? (sides as Sides) : {};
}

/**
 * Writes the block of one colour into the stack's file and leaves everything else of it as it is: comments, order, blanks.
 *
 * @returns false when the block says the same already, and nothing was written
 * @throws UserError when the stack's settings refuse the block or the two together, or the file cannot be written
 */
export async function declareSide(
  workspace: Workspace,
  { stack, system, colour, block }: { stack: string; system: string; colour: Colour; block: SideBlock },
): Promise<boolean> {
  const sides = sidesOfStack(workspace, stack, system);
  if (sides[colour] !== undefined && releaseKey(sides[colour]) === releaseKey(block)) return false;
  const [fault] = faultsOf({ ...sides, [colour]: block }, system, { workspace, stack });
  if (fault) {
    throw new UserError(`${fault.key}: received ${fault.received}; allowed: ${fault.allowed}`, {
      mend: `${fault.mend}; nothing was written.`,
    });
  }
  const file = requireStackFile(workspace, stack);
  const document = parseDocument(readFileSync(file, "utf8"));
  document.setIn(["config", `${system}:sides`, colour], document.createNode(block));
  try {
    await writeFileAtomic(file, document.toString({ lineWidth: 0 }));
  } catch (cause) {
    throw new UserError(`${file} cannot be written: ${(cause as Error).message}`, {
      mend: "Nothing was changed. Free some space or permit writing there.",
      cause,
    });
  }
  return true;
}

/** What the system's settings have against its sides, as the next `up` would say it. */
function faultsOf(
  sides: Sides,
  system: string,
  { workspace, stack }: { readonly workspace: Workspace; readonly stack: string },
): readonly SettingFault[] {
  const key = `${system}:sides`;
  const raw = rawConfigOf({ ...readStackConfig(workspace, stack), [key]: sides });
  try {
    readSettings(raw, { stack, offline: true });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults.filter((fault) => fault.key.startsWith(key));
    throw error;
  }
}
