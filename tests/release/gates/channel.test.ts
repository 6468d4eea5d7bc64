import assert from "node:assert/strict";
import type { HttpAnswer } from "../../../release/clients/http";
import type { HostRequest } from "../../../release/clients/surroundings";
import { channelProvider } from "../../../release/gates/channel";
import type { Json } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import type { CheckGate } from "../../../runbooks/entry-basics";
import { canary, checkGate, surroundingsWith } from "../support/gates";
import { contextWith, gone, type Reply, said, world } from "./support/people-world";

describe("a channel", () => {
  const address = `https://hooks.example/services/${canary}`;
  const gateOf = (check: object) =>
    checkGate({ provider: "channel", ...check } as never, {} as Partial<CheckGate>) as never;
  const outcome = async (
    check: object,
    replies: Readonly<Record<string, Reply>>,
    secret: string | Error = address,
  ) => said(await channelProvider(world(replies, secret).asking).look(gateOf(check), contextWith({})));
  const slack = { channel: "slack", secret: "slack-webhook", message: "hello" };
  const taken: Json = { $status: 202, status: "success" };

  const rows: readonly (readonly [string, object, Readonly<Record<string, Reply>>, RegExp])[] = [
    ["that takes the message", slack, { "/services": {} }, /^true: slack took the message at 20/],
    [
      "by a webhook",
      { channel: "webhook", secret: "n8n" },
      { "/services": {} },
      /^true: webhook took the message at/,
    ],
    [
      "whose address is stale",
      slack,
      { "/services": 404 },
      /^false: Slack at hooks.example refused it \(status 404\)/,
    ],
    ["that fails", slack, { "/services": 503 }, /^nothing: Slack at .* \(status 503\)/],
    ["that is asked too often", slack, { "/services": 429 }, /^nothing: Slack at .* \(status 429\)/],
    [
      "that nobody answers for",
      slack,
      { "/services": gone },
      /^nothing: Slack at hooks.example does not answer/,
    ],
    ["without a secret", { channel: "webhook" }, {}, /^nothing: the contract names no secret/],
    ["by mail", { channel: "mail" }, {}, /^nothing: no mail server tells whether/],
    [
      "by a page",
      { channel: "pagerDuty" },
      { "/v2/enqueue": taken },
      /^true: pagerDuty took the message at .*the page is resolved/,
    ],
    [
      "by a page with a stale key",
      { channel: "pagerDuty" },
      { "/v2/enqueue": 400 },
      /^false: PagerDuty at .* \(status 400\)/,
    ],
  ];
  for (const [what, check, replies, expected] of rows) {
    it(`${what}: ${expected.source}`, async () => assert.match(await outcome(check, replies), expected));
  }

  it("whose secret cannot be read is nothing, and one that is no address fails", async () => {
    const unread = new UserError("the secret cannot be read");
    assert.match(await outcome(slack, {}, unread), /^nothing: the secret cannot/);
    assert.match(await outcome(slack, {}, "not an address"), /^false: .*no https address; its owner has to/);
  });

  it("by a page that cannot be resolved says so", async () => {
    const { requests, asking } = world({}, "routing-key-of-a-test");
    const fetchHttp = async (request: HostRequest): Promise<HttpAnswer> => {
      requests.push(request);
      if (requests.length > 1) throw gone;
      return { status: 202, headers: {}, text: "{}" };
    };
    const provider = channelProvider({ ...asking, surroundings: surroundingsWith({ fetchHttp }) });
    const sample = await provider.look(gateOf({ channel: "pagerDuty" }), contextWith({}));
    assert.match(said(sample), /^true: .*could not be resolved: resolve it by hand/);
  });

  it("is written to once, however often its gate is looked at in a phase", async () => {
    const { requests, asking } = world({ "/services": {} }, address);
    const provider = channelProvider(asking);
    const context = contextWith({});
    for (let look = 0; look < 3; look++)
      assert.match(said(await provider.look(gateOf(slack), context)), /^true/);
    assert.equal(requests.length, 1);
    await provider.look(gateOf(slack), { ...context, phaseBegan: new Date() });
    assert.equal(requests.length, 2);
  });

  it("raises and resolves one page by the same key", async () => {
    const { requests, asking } = world({ "/v2/enqueue": taken }, "routing-key-of-a-test");
    await channelProvider(asking).look(gateOf({ channel: "pagerDuty" }), contextWith({}));
    const events = requests.map(({ body }) => JSON.parse(String(body)) as Json);
    assert.deepEqual(
      events.map(({ event_action }) => event_action),
      ["trigger", "resolve"],
    );
    assert.equal(events[0]!.dedup_key, events[1]!.dedup_key);
  });
});
