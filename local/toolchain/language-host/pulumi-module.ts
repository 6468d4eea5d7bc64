import { createRequire } from "node:module";
import { join } from "node:path";

/** Raised when a program or a policy pack cannot reach the SDK. */
export class PulumiModuleMissing extends Error {
  override readonly name = "PulumiModuleMissing";
}

/**
 * Path of one of the SDK's starters, resolved as the program itself would.
 *
 * @param folder Folder of the program or the policy pack, absolute
 */
export function locatePulumiModule(name: "run" | "run-plugin" | "run-policy-pack", folder: string): string {
  const module = `@pulumi/pulumi/cmd/${name}`;
  try {
    return createRequire(join(folder, "program.js")).resolve(module);
  } catch (cause) {
    throw new PulumiModuleMissing(
      `Cannot find ${module} from ${folder}: install the packages there (npm ci) and run the same command again.`,
      { cause },
    );
  }
}
