import assert from "node:assert/strict";
import { inNetworkProvider } from "../../../release/gates/in-network";
import { type Json, listAt, mapAt } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import type { CheckGate } from "../../../runbooks/entry-basics";
import { containerOf, contextOf, facts, type JobEnding } from "../data/fakes";
import { checkGate } from "../support/gates";
import { said, World } from "./support/job-world";

describe("a question to a store inside the network", () => {
  const gateOf = (check: object, more: Partial<CheckGate> = {}) =>
    checkGate({ provider: "inNetwork", target: "postgres", question: "SELECT 1 AS one", ...check } as never, {
      timeoutSeconds: 20,
      ...more,
    }) as never;
  const outcome = async (message: string | undefined, check: object, ending: JobEnding = {}) => {
    const world = new World();
    world.cluster.otherwise = { ...ending, ...(message !== undefined && { message }) };
    return said(await inNetworkProvider(world.asking()).look(gateOf(check), world.context()));
  };
  const is = (path: string, operator: string, value?: unknown) => ({ expects: [{ path, operator, value }] });

  it("is a Job that is asked by QUESTION, whose rows are looked into", async () => {
    const world = new World();
    world.cluster.otherwise = { message: '[{"one":1}]' };
    const sample = await inNetworkProvider(world.asking()).look(
      gateOf(is("one", "equals", 1)),
      world.context(),
    );
    assert.match(said(sample), /^true: one is 1/);
    const env = listAt(containerOf([...world.cluster.jobs.values()][0]!), "env").map((entry) => mapAt(entry));
    assert.equal(env.find(({ name }) => name === "QUESTION")?.value, "SELECT 1 AS one");
  });

  const rows: readonly (readonly [string, string | undefined, object, RegExp])[] = [
    ["another value", '[{"one":2}]', is("one", "equals", 1), /^false: one is 2, not 1/],
    ["no row", "[]", is("one", "equals", 1), /^false: one is not there/],
    ["no row, and none is wanted", "[]", is("rows", "equals", 0), /^true/],
    ["the first row", '[{"id":"b"},{"id":"a"}]', is("0", "contains", "b"), /^true/],
    ["a number", "42", is("$", "atLeast", 1), /^true/],
    ["a text", '"PONG"', is("$", "equals", "PONG"), /^true/],
    ["no answer", undefined, is("$", "exists"), /^nothing: .*left no answer/],
    ["half an answer", '[{"one":', is("$", "exists"), /^nothing: .*no JSON, or longer than/],
  ];
  for (const [what, message, check, expected] of rows) {
    it(`${what}: ${expected.source}`, async () => assert.match(await outcome(message, check), expected));
  }

  it("that fails says nothing, with the reason", async () => {
    const seen = await outcome("connection refused", is("$", "exists"), { exitCode: 2 });
    assert.match(seen, /^nothing: .*exit code 2.*connection refused/);
  });

  it("to a store that no task asks says nothing", async () => {
    assert.match(
      await outcome("1", { target: "redis", ...is("$", "exists") }),
      /^nothing: there is no CronJob in ns/,
    );
    assert.match(
      await outcome("1", { target: "cosmos", ...is("$", "exists") }),
      /^nothing: nothing that a stack/,
    );
  });

  describe("of a system that is on no cluster", () => {
    const jobId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.App/jobs/ask";
    const sql = {
      target: "sql",
      question: "SELECT * FROM __MigrationHistory",
      ...is("0", "contains", "{migration}"),
    };

    /** A job of Container Apps whose executions end at once with these last lines, one after the other. */
    function containerApps(...lines: readonly (string | Error)[]) {
      const executions: Json[] = [];
      const arm = {
        get: async (id: string) => {
          if (id === jobId)
            return {
              id,
              tags: { store: "sql", work: "ask" },
              properties: { template: { containers: [{ name: "ask" }] } },
            };
          if (id === `${jobId}/executions`) return { value: executions };
          return executions.find(({ name }) => id.endsWith(`/executions/${String(name)}`));
        },
        post: async (_: string, template: Json) => {
          const line = lines[executions.length]!;
          const failed = line instanceof Error;
          const said = { additionalInformation: failed ? line.message : line };
          const properties = {
            status: failed ? "Failed" : "Succeeded",
            template,
            detailedStatus: { replicas: [{ containers: [said] }] },
          };
          executions.push({ name: `ask-${executions.length + 1}`, properties });
          return { name: `ask-${executions.length}` };
        },
      };
      return { arm: arm as never, executions };
    }
    async function looks(
      lines: readonly (string | Error)[],
      environment: string,
      count = 1,
      more: object = {},
      asked: object = sql,
    ) {
      const world = new World();
      const { arm, executions } = containerApps(...lines);
      const asking = world.asking();
      const surroundings = {
        ...asking.surroundings,
        environment,
        outside: { login: { token: async () => "t" } },
        ...more,
      };
      const provider = inNetworkProvider({ ...asking, surroundings } as never, () => arm);
      const context = world.context({
        facts: facts({ tasks: { "ask-database": jobId }, workspace: { id: "/w", customerId: "w" } }),
      });
      const seen: string[] = [];
      for (let look = 0; look < count; look++) seen.push(said(await provider.look(gateOf(asked), context)));
      return { seen, executions };
    }
    const found = '[{"MigrationId":"002_notes"}]';

    it("is an execution of its job, whose answer is the last line of its container on dev", async () => {
      const { seen, executions } = await looks(['[{"MigrationId":"001_cases"}]', found, found], "dev", 2);
      assert.match(seen[0]!, /^false: 0 is .*does not contain "002_notes"/);
      assert.match(seen[1]!, /^true: 0 is/);
      const env = listAt(mapAt(listAt(executions[0], "properties", "template", "containers")[0]), "env");
      assert.ok(env.some((entry) => mapAt(entry).value === sql.question));
      assert.equal(executions.length, 2);
    });

    it("is read from the log elsewhere, which comes later and in pieces", async () => {
      const answers = [[], [['[{"MigrationId":'], ['"002_notes"}]']]];
      const queries: string[] = [];
      const fetchHttp = async ({ body }: { body: string }) => {
        queries.push(body);
        return { status: 200, headers: {}, text: JSON.stringify({ tables: [{ rows: answers.shift() }] }) };
      };
      const { seen } = await looks(["ignored"], "staging", 1, { fetchHttp });
      assert.match(seen[0]!, /^true/);
      assert.equal(queries.length, 2);
      assert.match(queries[0]!, /ContainerAppConsoleLogs.*ask-1/);
    });

    it("is all of what comes: a line before the others is no answer, and an empty one no list without rows", async () => {
      const integrity = { ...sql, question: "./migrations/verify.sql", ...is("rows", "equals", 0) };
      const logOf = async (...pieces: (readonly string[] | Json)[]) => {
        let asked = 0;
        const fetchHttp = async () => {
          const piece = pieces[Math.min(asked++, pieces.length - 1)]!;
          const body = Array.isArray(piece) ? { tables: [{ rows: piece.map((line) => [line]) }] } : piece;
          return { status: 200, headers: {}, text: JSON.stringify(body) };
        };
        const { seen } = await looks(["ignored"], "staging", 1, { fetchHttp }, integrity);
        return [seen[0]!, asked] as const;
      };
      assert.match(
        (await logOf([""], ["", '[{"fault":'], ["", '[{"fault":', "1}]"]))[0],
        /^false: rows is 1/,
      );
      assert.match((await logOf([], ["[]"]))[0], /^true: rows is 0/);
      const part = { tables: [{ rows: [["[]"]] }], error: { code: "PartialError" } };
      assert.match((await logOf(part))[0], /^nothing: Log Analy.*ialError/);
      const [seen, asked] = await logOf(["(1 row affected)"]);
      assert.match(seen, /^nothing: .*no JSON/);
      assert.equal(asked, 4);
    });

    it("says nothing when its execution fails, or leaves no JSON, or no job asks", async () => {
      assert.match((await looks([new Error("login failed")], "dev")).seen[0]!, /^nothing: .*ended as Failed/);
      assert.match((await looks(["(1 row affected)"], "dev")).seen[0]!, /^nothing: .*no JSON/);
      const world = new World();
      const provider = inNetworkProvider(world.asking(), () => containerApps().arm);
      const sample = await provider.look(gateOf(sql), world.context());
      assert.match(said(sample), /^nothing: the stack declares no task that asks the database/);
    });

    it("says nothing of a migration that the manifest does not name", async () => {
      const world = new World();
      const { migration: _, ...manifest } = contextOf().manifest;
      const asking = world.asking();
      const surroundings = { ...asking.surroundings, environment: "dev" };
      const provider = inNetworkProvider(
        { ...asking, surroundings } as never,
        () => containerApps(found).arm,
      );
      const context = world.context({ manifest, facts: facts({ tasks: { "ask-database": jobId } }) });
      assert.match(
        said(await provider.look(gateOf(sql), context)),
        /^nothing: the manifest names no migration/,
      );
    });
  });

  describe("compared with what it was before a migration", () => {
    const check = {
      question: "SELECT t, c",
      comparedWith: "beforeMigration",
      expects: [{ path: "c", operator: "atLeast", value: 1 }],
    };
    const table = (rows: Readonly<Record<string, number>>) =>
      JSON.stringify(Object.entries(rows).map(([t, c]) => ({ t, c })));

    async function asked(before: Record<string, number>, after: Record<string, number>, anew = false) {
      const world = new World();
      const first = inNetworkProvider(world.asking());
      world.cluster.otherwise = { message: table(before) };
      const remembered = await first.look(gateOf(check), world.context());
      world.cluster.endings.set(world.cluster.created[0]!, { message: table(before) });
      world.ran = ["m"];
      world.cluster.otherwise = { message: table(after) };
      const later = anew ? inNetworkProvider(world.asking()) : first;
      return [said(remembered), said(await later.look(gateOf(check), world.context()))];
    }

    it("holds when no table has fewer rows and none is gone", async () => {
      const [first, second] = await asked({ a: 5, b: 0 }, { a: 5, b: 1, c: 9 });
      assert.match(first!, /^true: 2 rows before/);
      assert.match(second!, /^true: 2 rows as before, 1 more/);
    });

    it("fails for fewer rows, and for a table that is gone", async () => {
      assert.match((await asked({ a: 5 }, { a: 4 }))[1]!, /^false: a: c is 4, not at least 5/);
      assert.match((await asked({ a: 5, b: 1 }, { a: 5 }))[1]!, /^false: b is gone/);
      assert.match((await asked({}, { a: 1 }))[1]!, /^false: there was no row before/);
    });

    it("finds the answer of before again in a process that did not ask", async () => {
      assert.match((await asked({ a: 5 }, { a: 4 }, true))[1]!, /^false: a: c is 4, not at least 5/);
    });

    it("is nothing when a migration has run and nobody asked before it", async () => {
      const world = new World();
      world.ran = ["m"];
      const sample = await inNetworkProvider(world.asking()).look(gateOf(check), world.context());
      assert.match(said(sample), /^nothing: a migration has run, and nobody asked this before it/);
      assert.deepEqual(world.cluster.created, []);
    });
  });
});

describe("a question to pods inside the cluster", () => {
  const gate = checkGate(
    {
      provider: "inNetwork",
      target: "pod",
      question: "backend-$candidate:8080/health",
      expects: [{ path: "status", operator: "equals", value: "UP" }],
    },
    { timeoutSeconds: 5 },
  );

  async function look(
    environment: string,
    answer: () => Promise<object>,
    ports: readonly number[] | undefined = [8080],
  ): Promise<[string, string]> {
    const world = new World();
    let asked = "";
    const asking = world.asking();
    const surroundings = {
      ...asking.surroundings,
      environment,
      kubernetes: async () => ({
        find: async () =>
          ports.length === 0
            ? undefined
            : { metadata: { name: "backend-green" }, spec: { ports: ports.map((port) => ({ port })) } },
        proxied: async (path: string) => {
          asked = path;
          return answer();
        },
      }),
      fetchHttp: async ({ url }: { url: URL }) => {
        asked = url.href;
        return answer();
      },
    };
    const provider = inNetworkProvider({ ...asking, surroundings } as never);
    const sample = await provider.look(gate, world.context({ environment: environment as never }));
    return [asked, said(sample)];
  }
  const json = (status: number, body: Json, headers = {}) => ({
    status,
    headers,
    text: JSON.stringify(body),
  });

  it("goes by the API server's proxy to the Service of the candidate's colour", async () => {
    const [asked, seen] = await look("staging", async () => json(200, { status: "UP" }));
    assert.equal(asked, "/api/v1/namespaces/ns/services/backend-green:8080/proxy/health");
    assert.match(seen, /^true: status is "UP"/);
  });

  it("goes by the front on dev, by the cluster's own name", async () => {
    const [asked, seen] = await look("dev", async () => json(200, { status: "UP" }));
    assert.equal(asked, "http://backend-green.ns.svc.cluster.local:8080/health");
    assert.match(seen, /^true/);
  });

  it("takes the Service's own port where the question names that of its pods", async () => {
    const up = async () => json(200, { status: "UP" });
    const [asked] = await look("staging", up, [80]);
    assert.equal(asked, "/api/v1/namespaces/ns/services/backend-green:80/proxy/health");
    assert.match((await look("staging", up, [80, 81]))[1], /^nothing: .*has the ports 80, 81, and not 8080/);
    assert.match((await look("staging", up, []))[1], /^nothing: there is no Service backend-green in ns/);
  });

  it("does not hold for a pod that says it is down, whatever its status", async () => {
    const [, seen] = await look("staging", async () => json(503, { status: "DOWN" }));
    assert.match(seen, /^false: status is "DOWN"/);
  });

  it("says nothing where no pod answers", async () => {
    const refused = () => Promise.reject(new UserError("the cluster refused: no endpoints available"));
    assert.match((await look("staging", refused))[1], /^nothing: .*no endpoints available/);
    const front = async () => json(503, {}, { "x-switchyard-cause": "no-endpoint" });
    assert.match((await look("dev", front))[1], /^nothing: no pod answers for backend-green\.ns\.svc/);
  });
});
