import { actorOf } from "../records/actor";
import { isLocalStack } from "../stack-files";
import { readStackConfig } from "../stack-settings";
import type { Workspace } from "../workspace";

export interface KnownFieldsArgs {
  readonly workspace: Workspace;
  readonly stack: string;
  readonly system: string;
  readonly user: NodeJS.ProcessEnv;
}

/** What the stack and whoever runs the release say for its messages: where to look, and whom to ask. */
export function knownFields({ workspace, stack, system, user }: KnownFieldsArgs): Record<string, string> {
  const { kind, where } = actorOf(user);
  const on = isLocalStack(stack) ? "" : ` --stack ${stack}`;
  const contacts = contactsIn(readStackConfig(workspace, stack)[`${system}:contacts`]);
  return {
    link: kind === "ci" ? where : `npx switchyard release status ${system}${on}`,
    ...(contacts !== "" && { contacts }),
  };
}

/** `Jane Doe (DevOps lead, +1 555 0100)`; placeholders that the owner has not filled yet are nobody. */
function contactsIn(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value as Record<string, unknown>)
    .flatMap(([role, person]) => {
      const { name, contact } = (person ?? {}) as { name?: unknown; contact?: unknown };
      const texts = [name, contact].filter(
        (each): each is string => typeof each === "string" && each !== "" && !/^<\s*owner/.test(each),
      );
      const inWords = role.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      return texts.length === 2 ? [`${texts[0]} (${inWords}, ${texts[1]})`] : [];
    })
    .join(", ");
}
