import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exchange } from "../../../release/clients/http";
import type { HostRequest } from "../../../release/clients/surroundings";
import type { EntryOfWord } from "../../../release/engine/parts";
import { rungMessage } from "../../../release/incident/rung-message";
import { slackText } from "../../../release/messages/mentions";
import { outboxFile } from "../../../release/messages/outbox";
import { type TellingArgs, teller } from "../../../release/messages/tell";
import { contracts } from "../../../runbooks/contracts";
import { canary, factsAt, surroundingsWith } from "../support/gates";
import { type Answer, HttpServer, type Received } from "../support/http-server";

type Notify = EntryOfWord<"notify">;

function notify(changes: Partial<Notify> = {}): Notify {
  return {
    word: "notify",
    name: "rollback-told",
    title: "The team hears of a rollback",
    ids: [],
    on: ["staging"],
    during: ["rollback"],
    at: "rollback",
    audience: "the team",
    channels: [{ channel: "slack", secret: "slack-webhook" }],
    template: "{system} goes back from {version}: {reason}. {link}",
    fields: ["system", "version", "reason", "link"],
    ...changes,
  };
}

const fields = { system: "kirana-store", version: "1.5.0", reason: "5 % of requests fail" };
const slackPath = `/services/${canary}`;

describe("messages of a release", () => {
  let server: HttpServer;
  let answer: (request: Received) => Answer;
  let folder: string;
  const asked: string[] = [];

  before(async () => {
    server = await HttpServer.start((request) => answer(request));
  });
  after(() => server.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-messages-"));
    server.received.length = 0;
    asked.length = 0;
    const secrets: Record<string, string> = {
      "slack-webhook": `https://hooks.slack.com${slackPath}`,
      "pagerduty-integration-key": canary,
      "n8n-webhook": `https://flows.example${slackPath}`,
    };
    answer = ({ url }) => {
      const secret = /^\/secrets\/([^?]+)/.exec(url)?.[1];
      if (secret === undefined) return { status: 202 };
      return secrets[secret] === undefined
        ? { status: 404, body: { error: { code: "SecretNotFound" } } }
        : { status: 200, body: { value: secrets[secret] } };
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Every host is the test's server; which one was meant is noted. */
  const toServer = (request: HostRequest) => {
    asked.push(request.url.host);
    return exchange({ ...request, url: new URL(request.url.pathname + request.url.search, server.url) });
  };

  function told(changes: Partial<TellingArgs> = {}) {
    return teller({
      surroundings: surroundingsWith({ fetchHttp: toServer }),
      facts: factsAt("https://shop.example"),
      release: "kirana-store-1",
      setting: async () => undefined,
      now: () => new Date("2026-11-21T12:00:00Z"),
      signal: new AbortController().signal,
      ...changes,
    });
  }
  const sent = () => server.received.filter(({ method }) => method === "POST");

  it("go to Slack's webhook of the vault, with the text filled and what is not known said", async () => {
    const finding = await told()(notify({ colour: "danger" }), fields);
    assert.deepEqual(finding, { holds: true, why: "slack: delivered; link: (not known)" });
    assert.deepEqual(asked, ["kv.vault.azure.net", "hooks.slack.com"]);
    const [message] = sent();
    assert.equal(message!.url, slackPath);
    const { attachments } = JSON.parse(message!.body);
    assert.equal(attachments[0].text, "kirana-store goes back from 1.5.0: 5 % of requests fail. (not known)");
    assert.equal(attachments[0].color, "#a30200");
  });

  it("mention by their ids those whom the contract calls by name, and say whom nobody pages", async () => {
    const ids = { dba: "S0123ABCD", "platform-lead": "U0456EFGH", security: "somebody" };
    const setting = async (name: string) => (name === "switchyard:slackMentions" ? ids : undefined);
    const entry = notify({
      template: "{reason}. Called: @dba, @platform-lead and @security (ops@dba.example)",
      fields: ["reason"],
    });
    const finding = await told({ setting })(entry, { reason: "@tech-lead: 5 < 6 & <!channel>" });
    assert.deepEqual(
      JSON.parse(sent()[0]!.body).text,
      "@tech-lead: 5 &lt; 6 &amp; &lt;!channel&gt;. Called: <!subteam^S0123ABCD>, <@U0456EFGH> and @security (ops@dba.example)",
    );
    assert.deepEqual(finding, {
      holds: true,
      why: "slack: delivered, and pages nobody as @security: switchyard:slackMentions has no id",
    });
  });

  it("go out with the plain names where the setting cannot be read", async () => {
    const setting = async () => Promise.reject(new Error("encrypted"));
    const finding = await told({ setting })(notify({ template: "@dba: look", fields: [] }), {});
    assert.equal(JSON.parse(sent()[0]!.body).text, "@dba: look");
    assert.equal(finding.holds, true);
  });

  it("name a person of each contract that is to be called in Slack in a way that is mentioned", () => {
    const called = contracts.flatMap(({ entries }) =>
      entries.flatMap((entry) =>
        entry.word === "escalation"
          ? entry.ladder.flatMap((_, rung) => {
              const { template = "", channels = [] } = rungMessage(entry, rung) ?? {};
              if (channels.every(({ channel }) => channel !== "slack")) return [];
              return slackText(template, template, undefined).plain;
            })
          : [],
      ),
    );
    assert.deepEqual([...new Set(called)].sort(), [
      "@dba",
      "@devops-lead",
      "@platform-lead",
      "@security",
      "@tech-lead",
    ]);
  });

  it("leave a mail's subject out where there is none", async () => {
    await told()(notify({ template: "Subject: Maintenance\n{version} comes", fields: ["version"] }), fields);
    assert.deepEqual(JSON.parse(sent()[0]!.body), { text: "1.5.0 comes" });
  });

  it("page by PagerDuty's Events API once for each entry of a release, however often it is asked", async () => {
    const page = notify({
      channels: [{ channel: "pagerDuty", secret: "pagerduty-integration-key" }],
      colour: "danger",
    });
    await told()(page, fields);
    await told()(page, fields);
    const bodies = sent().map(({ body }) => JSON.parse(body));
    assert.equal(asked.at(-1), "events.pagerduty.com");
    assert.equal(sent()[0]!.url, "/v2/enqueue");
    assert.equal(bodies[0].routing_key, canary);
    assert.equal(bodies[0].payload.severity, "critical");
    assert.deepEqual(
      bodies.map((body) => body.dedup_key),
      Array(2).fill("kirana-store-1/rollback-told"),
    );
  });

  it("stand with PagerDuty as a change of the service where nobody has to act: no incident is left open by them", async () => {
    const page: Notify["channels"] = [{ channel: "pagerDuty", secret: "pagerduty-integration-key" }];
    assert.equal((await told()(notify({ channels: page }), fields)).holds, true);
    assert.equal((await told()(notify({ channels: page, colour: "good" }), fields)).holds, true);
    for (const { url, body } of sent()) {
      assert.equal(url, "/v2/change/enqueue");
      const { routing_key: key, event_action: action, payload } = JSON.parse(body);
      assert.deepEqual([key, action, payload.severity], [canary, undefined, undefined]);
      assert.match(payload.summary, /kirana-store goes back/);
      assert.equal(payload.source, "kirana-store on staging");
    }
  });

  it("go to a webhook as JSON that says what it is about", async () => {
    await told()(notify({ channels: [{ channel: "webhook", secret: "n8n-webhook" }] }), fields);
    const { text, release, at } = JSON.parse(sent()[0]!.body);
    assert.match(text, /kirana-store goes back/);
    assert.deepEqual([release, at], ["kirana-store-1", "rollback"]);
  });

  it("use what the release knows at that moment rather than what was given", async () => {
    const finding = await told({
      moreFields: async () => ({ link: "https://ci.example/1", reason: "6 % fail" }),
    })(notify(), fields);
    assert.equal(finding.why, "slack: delivered");
    assert.match(JSON.parse(sent()[0]!.body).text, /6 % fail\. https:\/\/ci\.example\/1$/);
  });

  describe("that name who is on call", () => {
    const entry = notify({ template: "{system}: {onCall}" });
    const facts = {
      ...factsAt("https://shop.example"),
      pagerDuty: { serviceId: "P1", tokenSecret: "pagerduty-integration-key" },
    };
    const withPagerDuty = (oncalls: object[]) => {
      const usual = answer;
      answer = (request) => {
        if (request.url === "/services/P1")
          return { status: 200, body: { service: { escalation_policy: { id: "E1" } } } };
        return request.url.startsWith("/oncalls") ? { status: 200, body: { oncalls } } : usual(request);
      };
    };
    const text = () => JSON.parse(sent().at(-1)!.body).text;

    it("ask PagerDuty at that moment, for the first level", async () => {
      withPagerDuty([
        { escalation_level: 1, user: { name: "Ana" } },
        { escalation_level: 2, user: { name: "Bo" } },
        { escalation_level: 1, user: { name: "Ana" } },
      ]);
      await told({ facts })(entry, fields);
      assert.equal(text(), "kirana-store: Ana");
      const asked = server.received.find(({ url }) => url.startsWith("/oncalls"))!;
      assert.equal(asked.headers.authorization, `Token token=${canary}`);
    });

    it("go out all the same while nobody is on call, or PagerDuty is away", async () => {
      withPagerDuty([]);
      assert.equal((await told({ facts })(entry, fields)).holds, true);
      answer = ({ url }) =>
        url === "/services/P1" || url.startsWith("/oncalls")
          ? { status: 503 }
          : url.startsWith("/secrets/")
            ? { status: 200, body: { value: `https://hooks.slack.com${slackPath}` } }
            : { status: 200 };
      assert.deepEqual(await told({ facts })(entry, fields), {
        holds: true,
        why: "slack: delivered; onCall: (not known)",
      });
      assert.equal(text(), "kirana-store: (not known)");
    });
  });

  it("say which channel did not take them while the others do, and never the address", async () => {
    const usual = answer;
    answer = (request) =>
      request.url === slackPath ? { status: 403, text: `invalid_token ${canary}` } : usual(request);
    const channels: Notify["channels"] = [
      { channel: "slack", secret: "slack-webhook" },
      { channel: "pagerDuty", secret: "pagerduty-integration-key" },
    ];
    const { holds, why } = await told()(notify({ channels }), fields);
    assert.equal(holds, false);
    assert.match(why, /slack: Slack at hooks\.slack\.com refused it \(status 403\); pagerDuty: delivered/);
    assert.ok(!why.includes(canary));
  });

  it("never throw: nobody listens, the vault has no such secret, or it holds no address", async () => {
    const nobody = told({
      surroundings: surroundingsWith({
        fetchHttp: (request) =>
          request.method === "POST"
            ? exchange({ ...request, url: new URL(slackPath, "http://127.0.0.1:9") })
            : toServer(request),
      }),
    });
    const away = await nobody(notify(), fields);
    assert.match(away.why, /^slack: Slack at hooks\.slack\.com does not answer/);
    const missing = await told()(notify({ channels: [{ channel: "slack", secret: "slack-other" }] }), fields);
    assert.match(missing.why, /the secret slack-other of kv\.vault\.azure\.net cannot be read/);
    const wrong = await told()(
      notify({ channels: [{ channel: "slack", secret: "pagerduty-integration-key" }] }),
      fields,
    );
    assert.match(wrong.why, /Slack's address in the vault is no https address/);
    for (const { holds, why } of [away, missing, wrong]) {
      assert.equal(holds, false);
      assert.ok(!why.includes(canary), why);
    }
  });

  it("are given up on when a channel hangs and the release is stopped", async () => {
    const stop = new AbortController();
    const hanging = told({
      signal: stop.signal,
      surroundings: surroundingsWith({
        fetchHttp: (request) => {
          if (request.method === "GET") return toServer(request);
          queueMicrotask(() => stop.abort());
          return new Promise(() => {});
        },
      }),
    });
    assert.equal((await hanging(notify(), fields)).holds, false);
  });

  describe("on dev", () => {
    const onDev = () => {
      const surroundings = surroundingsWith({ environment: "dev", fetchHttp: toServer });
      return told({
        surroundings: { ...surroundings, outside: { ...surroundings.outside, stateDir: folder } },
      });
    };
    const file = () => outboxFile(folder, "kirana-store");

    it("stay on the machine, a line for each channel in a file that only its owner reads", async () => {
      const channels: Notify["channels"] = [
        { channel: "slack", secret: "slack-webhook" },
        { channel: "mail", setting: "kirana-store:alertEmails" },
      ];
      assert.equal((await onDev()(notify({ channels }), fields)).holds, true);
      assert.equal((await onDev()(notify({ name: "second" }), fields)).holds, true);
      assert.deepEqual(asked, []);
      const lines = readFileSync(file(), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      assert.deepEqual(
        lines.map(({ entry, channel }) => `${entry} ${channel}`),
        ["rollback-told slack", "rollback-told mail", "second slack"],
      );
      assert.match(lines[0].text, /kirana-store goes back from 1\.5\.0/);
      assert.equal(lines[0].release, "kirana-store-1");
      assert.equal(statSync(file()).mode & 0o777, 0o600);
    });

    it("are said not to be delivered when they cannot be kept", async () => {
      writeFileSync(join(folder, "messages"), "in the way");
      const { holds, why } = await onDev()(notify(), fields);
      assert.equal(holds, false);
      assert.match(why, /not told/);
    });

    it("get their file's rights back when somebody opened it to others", async () => {
      mkdirSync(join(folder, "messages"));
      writeFileSync(file(), "", { mode: 0o644 });
      await onDev()(notify(), fields);
      assert.equal(statSync(file()).mode & 0o777, 0o600);
    });
  });
});
