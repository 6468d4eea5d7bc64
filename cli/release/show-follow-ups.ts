import type { CommandContext } from "../context";
import { isLocalStack } from "../stack-files";
import { dueFollowUps } from "./earlier-releases";
import { journalStoreOf } from "./journal-store";
import { systemsNamed } from "./load-release";

/** What finished releases still ask for and is due, with the command that answers it. */
export async function showFollowUps(
  context: CommandContext,
  system: string | undefined,
  { stack, format }: { readonly stack: string; readonly format: "text" | "json" },
): Promise<void> {
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const all = await Promise.all(
    systemsNamed(system).map(async (name) =>
      (await dueFollowUps(store, name, new Date())).map((due) => ({ system: name, ...due })),
    ),
  );
  const due = all.flat();
  if (format === "json") {
    context.out(`${JSON.stringify({ stack, due }, undefined, 2)}\n`);
    return;
  }
  if (due.length === 0) context.out(`nothing is due on ${stack}\n`);
  const on = isLocalStack(stack) ? "" : ` --stack ${stack}`;
  for (const one of due) {
    const blocks = one.blocksNextRelease ? ", blocks the next release" : "";
    context.out(
      `${one.system}  ${one.title} (${one.owner}, due ${one.dueAt}${blocks})\n  ${one.question ?? "gates are looked at again"}\n  npx switchyard release answer ${one.system} --release ${one.release} --entry ${one.entry} --value ANSWER${on}\n`,
    );
  }
}
