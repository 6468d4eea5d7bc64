import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandContext } from "../../../cli/context";
import { backendFolder } from "../../../cli/engine/environment";
import { checkpointFile } from "../../../cli/engine/file-stack";
import { openSession } from "../../../cli/incident/incident-session";
import { type WalkOptions, walkIncident } from "../../../cli/incident/walk";
import { silentProgress } from "../../../local/progress";
import { root } from "../../support/root";
import { stateOf } from "../check/support/states";

const on = { system: "retail-agentic", stack: "dev" };
const options: WalkOptions = { stack: "dev", symptom: "latency", do: [], yes: true, format: "text" };

/** On a recorded state with nothing in it but where a release finds things; neither cloud nor cluster is there. */
describe("what is looked at before an incident is opened and people are told", () => {
  let stateDir: string;
  let said: string[];
  let context: CommandContext;

  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), "switchyard-walk-"));
    const workspace = { root, dist: "", policyPack: "", stateDir };
    said = [];
    context = {
      workspace,
      progress: silentProgress,
      signal: new AbortController().signal,
      out: () => {},
      say: (line) => said.push(line),
    };
    const state = checkpointFile(backendFolder(workspace), "dev");
    mkdirSync(dirname(state), { recursive: true });
    writeFileSync(
      state,
      stateOf([
        {
          urn: "urn:pulumi:dev::switchyard::pulumi:pulumi:Stack::switchyard-dev",
          type: "pulumi:pulumi:Stack",
          outputs: { retailAgentic: { release: { tracks: [] } } },
        },
      ]),
    );
  });
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

  async function refusal(more: Partial<WalkOptions>): Promise<string> {
    try {
      await walkIncident(context, on.system, { ...options, ...more });
    } catch (error) {
      const { message, mend } = error as Error & { mend?: string };
      return `${message}\n${mend ?? ""}`;
    }
    return assert.fail("it was walked");
  }
  const incidents = () => openSession(context, on).book.ids();

  it("an action that the playbook does not offer: nothing is opened, nobody is told", async () => {
    assert.match(await refusal({ do: ["nope"] }), /offers no action nope\nit offers: .*\bchange\b/);
    assert.deepEqual(await incidents(), []);
    assert.deepEqual(said, []);
  });

  it("an action that nobody confirms, where there is no terminal", async () => {
    assert.match(await refusal({ do: ["change"], yes: false }), /nothing is done that nobody confirmed/);
    assert.deepEqual(await incidents(), []);
  });

  it("a symptom that no playbook has", async () => {
    assert.match(
      await refusal({ symptom: "nope" }),
      /no playbook for the symptom "nope"\nits symptoms: .*latency/,
    );
    assert.deepEqual(await incidents(), []);
  });
});
