import assert from "node:assert/strict";
import { workflowStarter } from "../../../release/actions/workflow";
import { exchange } from "../../../release/clients/http";
import { fill } from "../../../release/engine/actions";
import type { EntryOfWord } from "../../../release/engine/parts";
import { FakeClock } from "../data/fakes";
import { canary, surroundingsWith } from "../support/gates";
import { HttpServer } from "../support/http-server";

const entry = { word: "step", name: "update-stack", timeoutSeconds: 600 } as EntryOfWord<"step">;
const does = {
  action: "workflow",
  file: "deploy-infrastructure.yml",
  inputs: { environment: "{environment}" },
} as const;
const fields = { environment: "staging", startsAt: "2026-03-03T09:59:30.000Z" };

interface GivenRun {
  status: string;
  conclusion: string | null;
}

describe("a workflow of GitHub Actions that a release starts", () => {
  let server: HttpServer;
  let runs: GivenRun[];
  let onPoll: () => void;
  let refuse: number | undefined;

  const shown = ({ status, conclusion }: GivenRun, index: number) => ({
    id: index + 1,
    status,
    conclusion,
    html_url: `https://github.test/runs/${index + 1}`,
  });

  before(async () => {
    server = await HttpServer.start(({ method, url, headers }) => {
      if (headers.authorization !== `Bearer ${canary}`)
        return { status: 401, body: { message: "Bad credentials" } };
      if (method === "POST") {
        if (refuse !== undefined) return { status: refuse, body: { message: "Unexpected inputs" } };
        runs.push({ status: "queued", conclusion: null });
        return { status: 204, text: "" };
      }
      const one = /\/runs\/(\d+)$/.exec(url)?.[1];
      if (one === undefined) return { status: 200, body: { workflow_runs: runs.map(shown).reverse() } };
      onPoll();
      return { status: 200, body: shown(runs[Number(one) - 1]!, Number(one) - 1) };
    });
  });
  after(() => server.stop());
  beforeEach(() => {
    [runs, refuse, server.received.length] = [[], undefined, 0];
    onPoll = () => {
      runs[0] = { status: "completed", conclusion: "success" };
    };
  });

  function start(env: Record<string, string> = {}) {
    const act = workflowStarter({
      surroundings: surroundingsWith({
        env: {
          GITHUB_REPOSITORY: "kirana/switchyard",
          GITHUB_TOKEN: canary,
          GITHUB_API_URL: server.url,
          ...env,
        },
        fetchHttp: exchange,
      }),
      clock: new FakeClock(new Date("2026-03-03T10:00:00Z")),
      signal: new AbortController().signal,
      fill,
    });
    return act(does, entry, fields);
  }
  const dispatches = () => server.received.filter(({ method }) => method === "POST");

  it("is dispatched with its inputs, and waited for until it has succeeded", async () => {
    let polls = 0;
    onPoll = () => {
      runs[0] =
        ++polls < 3
          ? { status: "in_progress", conclusion: null }
          : { status: "completed", conclusion: "success" };
    };
    assert.match(await start(), /^deploy-infrastructure\.yml: https:\/\/github\.test\/runs\/1 succeeded$/);
    assert.equal(polls, 3);
    const [dispatch] = dispatches();
    assert.equal(
      dispatch!.url,
      "/repos/kirana/switchyard/actions/workflows/deploy-infrastructure.yml/dispatches",
    );
    assert.deepEqual(JSON.parse(dispatch!.body), { ref: "main", inputs: { environment: "staging" } });
    assert.match(server.received[0]!.url, /created=%3E%3D2026-03-03T09%3A59%3A30Z/);
  });

  it("is not started again when a run since the release began is there", async () => {
    runs.push({ status: "in_progress", conclusion: null });
    await start();
    assert.equal(dispatches().length, 0);
  });

  it("fails the step when it fails, with its address", async () => {
    onPoll = () => {
      runs[0] = { status: "completed", conclusion: "failure" };
    };
    await assert.rejects(start(), /https:\/\/github\.test\/runs\/1 ended as failure/);
  });

  it("that never ends fails the step when its time is over", async () => {
    onPoll = () => {};
    await assert.rejects(start(), /has not ended within 600 s: it is queued/);
  });

  it("is refused with GitHub's reason, and never with the token", async () => {
    refuse = 422;
    await assert.rejects(start(), /GitHub refused POST .*dispatches: Unexpected inputs \(422\)/);
    await assert.rejects(start({ GITHUB_TOKEN: "another" }), (error: Error) => {
      assert.match(error.message, /Bad credentials \(401\)/);
      assert.doesNotMatch(error.message, /another/);
      return true;
    });
  });

  it("needs a repository and a token, and says which is missing", async () => {
    await assert.rejects(
      start({ GITHUB_TOKEN: "", GITHUB_REPOSITORY: "" }),
      /GITHUB_REPOSITORY and GITHUB_TOKEN are not set/,
    );
    await assert.rejects(start({ GITHUB_REPOSITORY: "nothing" }), /"nothing", not OWNER\/NAME/);
    assert.equal(server.received.length, 0);
  });
});
