import { localStack } from "./stack-files";
import { systemsOfStack } from "./stack-settings";
import type { Workspace } from "./workspace";

/** What can be done next, and what it is for. */
export interface NextStep {
  readonly command: string;
  readonly what: string;
}

/** What is worth a look once dev is up. */
export function nextSteps(workspace: Workspace): readonly NextStep[] {
  const first = systemsOfStack(workspace, localStack).find((name) => name !== "platform");
  return [
    ...(first === undefined
      ? []
      : [
          {
            command: `npx switchyard release plan ${first} --to example`,
            what: "what a release would do; release start walks it",
          },
        ]),
    {
      command: "npx switchyard preview --stack production --offline",
      what: "what production would get, with the policies' verdicts",
    },
    {
      command: `eval "$(npx switchyard env)" && pulumi stack output --stack ${localStack}`,
      what: "plain pulumi on the dev stack",
    },
    { command: "npx switchyard cloud stop", what: "stop the local cloud; its state stays" },
  ];
}

/** A line each. */
export function nextStepLines(steps: readonly NextStep[]): readonly string[] {
  const width = Math.max(...steps.map(({ command }) => command.length));
  return steps.map(({ command, what }) => `  ${command.padEnd(width)}    ${what}`);
}
