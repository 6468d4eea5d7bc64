import type { CommandContext } from "../context";
import { resume } from "./start";
import { openRelease, type TellOptions, tellRelease } from "./tell-release";

/** All traffic goes back: by the process that runs the release, or by this one where there is none. */
export async function rollback(context: CommandContext, system: string, options: TellOptions): Promise<void> {
  context.out(await tellRelease(context, system, "rollback", options));
  const { runner, state } = await openRelease(context, system, options);
  if (runner !== undefined || state.ended !== undefined) return;
  await resume(context, system, { stack: options.stack, speed: 1, wait: false, users: 0 });
}
