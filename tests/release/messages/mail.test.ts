import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { type CertificateFiles, makeCertificates } from "../../../local/cluster/certificates";
import type { EntryOfWord } from "../../../release/engine/parts";
import { sendMail } from "../../../release/messages/mail-server";
import { teller } from "../../../release/messages/tell";
import { canary, factsAt, surroundingsWith } from "../support/gates";

const never = new AbortController().signal;
const mail = {
  to: ["ana@shop.test", "bo@shop.test"],
  subject: "Kirana Store Upgrade Complete ✓ — and a title that is longer than one encoded word may be",
  text: "It is live.\n.\nA line with one dot stands above.",
  key: "r-1/told",
  at: new Date("2026-11-21T12:00:00Z"),
};

/** As much of a mail server as one mail needs; what it is told is kept. */
describe("mail of a release", () => {
  let server: Server;
  let said: string[];
  let answers: Record<string, string>;
  const sockets = new Set<Socket>();
  let folder: string;
  let files: CertificateFiles;
  const certificate = () => ({
    key: readFileSync(files.key("kube-apiserver")),
    cert: readFileSync(files.certificate("kube-apiserver")),
  });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-mail-"));
    files = await makeCertificates(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    [said, answers] = [[], {}];
    server = createServer((socket) => {
      sockets.add(socket);
      socket.write("220-hello\r\n220 shop.test\r\n");
      serve(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  function serve(socket: Socket): void {
    socket.setEncoding("utf8");
    socket.on("error", () => {});
    let data = false;
    let left = "";
    socket.on("data", (text: string) => {
      const lines = (left + text).split("\r\n");
      left = lines.pop()!;
      for (const line of lines) {
        said.push(line);
        if (data && line !== ".") continue;
        const verb = data ? "." : line.split(/[ :]/)[0]!;
        data = verb === "DATA" && answers.DATA === undefined;
        const usual: Record<string, string> = {
          EHLO: "250-shop.test\r\n250 AUTH PLAIN",
          AUTH: "235 good",
          DATA: "354 go on",
          QUIT: "221 bye",
        };
        const answer = answers[verb] ?? usual[verb] ?? "250 ok";
        if (answer !== "") socket.write(`${answer}\r\n`);
        if (verb === "STARTTLS") {
          socket.removeAllListeners("data");
          answers.EHLO = "250 shop.test";
          return serve(new TLSSocket(socket, { isServer: true, ...certificate() }));
        }
      }
    });
  }
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const port = () => (server.address() as AddressInfo).port;
  const at = (more: object = {}) => ({
    host: "127.0.0.1",
    port: port(),
    from: "releases@shop.test",
    ...more,
  });

  it("is handed over whole: receivers, subject and text of any letters, under an id that a repeated one has as well", async () => {
    await sendMail(at(), mail, never);
    assert.deepEqual(
      said.filter((line) => /^(MAIL|RCPT)/.test(line)),
      ["MAIL FROM:<releases@shop.test>", "RCPT TO:<ana@shop.test>", "RCPT TO:<bo@shop.test>"],
    );
    const text = said.join("\n");
    const subject = [...text.matchAll(/=\?utf-8\?B\?([^?]+)\?=/g)].map(([, word]) =>
      Buffer.from(word!, "base64"),
    );
    assert.equal(Buffer.concat(subject).toString(), mail.subject);
    const body = said.slice(said.indexOf("", said.indexOf("DATA")) + 1, said.lastIndexOf("."));
    assert.equal(Buffer.from(body.join(""), "base64").toString(), mail.text);
    assert.match(text, /Message-ID: <r-1-told@shop\.test>/);
    assert.match(text, /Date: Sat, 21 Nov 2026 12:00:00 \+0000/);
    assert.ok(said.every((line) => line.length <= 76 + "Subject: ".length));
  });

  it("is sent with a login where the server asks for one, and its refusal never repeats the password", async () => {
    const login = { user: "shop", password: canary };
    await sendMail(at({ login }), mail, never);
    assert.ok(said.includes(`AUTH PLAIN ${Buffer.from(`\0shop\0${canary}`).toString("base64")}`));
    answers.AUTH = "535 authentication failed";
    await assert.rejects(sendMail(at({ login }), mail, never), (error: Error) => {
      assert.match(error.message, /refused AUTH PLAIN: 535 authentication failed/);
      return (
        !error.message.includes(canary) && !error.message.includes(Buffer.from(canary).toString("base64"))
      );
    });
  });

  it("takes no answer in clear for one of the server that it goes on with encrypted", async () => {
    answers.EHLO = "250-shop.test\r\n250 STARTTLS";
    answers.STARTTLS = "220 go on\r\n250 shop.test\r\n250 ok";
    const ca = readFileSync(files.ca, "utf8");
    await assert.rejects(sendMail(at({ ca }), mail, never), /answers in clear what is not asked yet/);
    assert.ok(!said.some((line) => line.startsWith("MAIL")));
  });

  it("is refused with the server's words when a receiver or the text is", async () => {
    answers.RCPT = "550 no such mailbox";
    await assert.rejects(
      sendMail(at(), mail, never),
      /refused RCPT TO:<ana@shop\.test>: 550 no such mailbox/,
    );
    answers = { ".": "552 too big" };
    await assert.rejects(sendMail(at(), mail, never), /refused the message: 552 too big/);
  });

  it("goes to no address that hides a second command", async () => {
    const injected = { ...mail, to: ["ana@shop.test>\r\nRCPT TO:<eve@shop.test"] };
    await assert.rejects(sendMail(at(), injected, never), /is no mail address/);
    assert.ok(!said.some((line) => line.includes("eve@")));
  });

  it("is not sent in clear over a network", async () => {
    // The same server by a name that is not this machine's own, though it leads there.
    await assert.rejects(
      sendMail({ ...at(), host: "127.0.0.2" }, mail, never),
      /offers no encryption|cannot be reached/,
    );
    assert.ok(!said.some((line) => line.startsWith("MAIL")));
  });

  it("goes on encrypted wherever that is offered, and only then says who it is", async () => {
    answers = { EHLO: "250-shop.test\r\n250 STARTTLS", STARTTLS: "220 go" };
    const ca = readFileSync(files.ca, "utf8");
    await sendMail(at({ ca, login: { user: "shop", password: canary } }), mail, never);
    const verbs = said.map((line) => line.split(/[ :]/)[0]!);
    assert.deepEqual(verbs.slice(0, 5), ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL"]);
  });

  it("is handed to no server whose certificate nobody here trusts", async () => {
    answers = { EHLO: "250-shop.test\r\n250 STARTTLS", STARTTLS: "220 go" };
    await assert.rejects(sendMail(at(), mail, never), /cannot be trusted: /);
    assert.ok(!said.some((line) => line.startsWith("MAIL")));
  });

  it("is given up on when nobody answers, hangs up, or is not there", async () => {
    answers.EHLO = "";
    const stop = new AbortController();
    const hanging = sendMail(at(), mail, stop.signal);
    const told = new Promise<void>((resolve) => {
      server.on("connection", (socket) => socket.once("data", () => resolve()));
    });
    await told;
    stop.abort(new Error("enough"));
    await assert.rejects(hanging, /ended the conversation/);
    const closed = { ...at(), port: 9 };
    await assert.rejects(sendMail(closed, mail, never), /127\.0\.0\.1:9 cannot be reached \(ECONNREFUSED\)/);
  });

  describe("of a contract's entry", () => {
    const entry = {
      word: "notify",
      name: "told",
      title: "Stakeholders hear of it",
      at: "finished",
      audience: "stakeholders",
      channels: [{ channel: "mail", setting: "kirana-store:alertEmails" }],
      template: "{system} is live",
    } as unknown as EntryOfWord<"notify">;
    const tell = (settings: Record<string, unknown>, now = mail.at) =>
      teller({
        surroundings: surroundingsWith({
          fetchHttp: async () => ({ status: 200, headers: {}, text: JSON.stringify({ value: canary }) }),
        }),
        facts: factsAt("https://shop.test"),
        release: "r-1",
        setting: async (name) => settings[name],
        now: () => now,
        signal: never,
      });
    const configured = () => ({
      "switchyard:mail": {
        server: `127.0.0.1:${port()}`,
        from: "releases@shop.test",
        user: "shop",
        passwordSecret: "mail-password",
      },
      "kirana-store:alertEmails": ["ana@shop.test"],
    });

    it("goes by the stack's server to the addresses of the setting", async () => {
      assert.deepEqual(await tell(configured())(entry, { system: "kirana-store" }), {
        holds: true,
        why: "mail: delivered",
      });
      assert.ok(said.includes("RCPT TO:<ana@shop.test>"));
      const subject = /=\?utf-8\?B\?([^?]+)\?=/.exec(said.join("\n"))![1]!;
      assert.match(Buffer.from(subject, "base64").toString(), /^kirana-store on staging: Stakeholder/);
    });

    it("has the subject that its text begins with", async () => {
      const own = { ...entry, template: "Subject: {system} upgraded\nTime: now" };
      await tell(configured())(own, { system: "kirana-store" });
      const subject = /=\?utf-8\?B\?([^?]+)\?=/.exec(said.join("\n"))![1]!;
      assert.equal(Buffer.from(subject, "base64").toString(), "kirana-store upgraded");
    });

    it("has one Message-ID however often it is sent, and another for another text and for a repetition", async () => {
      const progress = { ...entry, repeatEveryMinutes: 30, template: "{weight}% complete" } as typeof entry;
      const idOf = async (one: typeof entry, weight: string, minutes: number) => {
        said.length = 0;
        const now = new Date(mail.at.getTime() + minutes * 60_000);
        await tell(configured(), now)(one, { weight });
        return said.find((line) => line.startsWith("Message-ID:"));
      };
      const first = await idOf(progress, "10", 0);
      assert.match(first!, /^Message-ID: <r-1-\S+@shop\.test>$/);
      assert.equal(await idOf(progress, "10", 1), first);
      assert.notEqual(await idOf(progress, "20", 1), first);
      assert.notEqual(await idOf(progress, "10", 30), first);
      const once = { ...progress, repeatEveryMinutes: undefined } as unknown as typeof entry;
      assert.equal(await idOf(once, "10", 30), await idOf(once, "10", 0));
    });

    it("is said not to be delivered without a server, without addresses, or where the contract names none", async () => {
      const { "switchyard:mail": _, ...noServer } = configured();
      assert.match((await tell(noServer)(entry, {})).why, /switchyard:mail is not set: pulumi config set/);
      const { "kirana-store:alertEmails": __, ...nobody } = configured();
      assert.match((await tell(nobody)(entry, {})).why, /kirana-store:alertEmails names no address/);
      const bySecret = { ...entry, channels: [{ channel: "mail", secret: "mail-password" }] } as typeof entry;
      assert.match((await tell(configured())(bySecret, {})).why, /does not say to which address/);
      assert.equal(said.length, 0);
    });
  });
});
