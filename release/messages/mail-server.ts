import { connect as connectPlain, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { UserError } from "../user-error";

/** A mail server that takes mail for others, as the stack's settings name it. */
export interface MailServer {
  readonly host: string;
  /** 465 begins with TLS; every other port must offer STARTTLS. */
  readonly port: number;
  readonly from: string;
  /** Absent for a server that knows its senders by their network. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Authority to trust instead of the machine's own, PEM. */
  readonly ca?: string;
}

export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Left of the `@` of the Message-ID: the same for a repeated mail, so that mailboxes show it once. */
  readonly key: string;
  readonly at: Date;
}

const tlsPort = 465;
const encodedWordBytes = 42;

/**
 * Hands a mail over by SMTP (RFC 5321), encrypted; in clear only to a relay on this machine that offers nothing
 * else.
 *
 * @throws UserError with the server's own words, and never with the password
 */
export async function sendMail(server: MailServer, mail: Mail, signal: AbortSignal): Promise<void> {
  const where = `${server.host}:${server.port}`;
  const talk = new Conversation(await open(server, signal), where);
  const abort = () => talk.end(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await talk.expect(220);
    let offers = await talk.say("EHLO switchyard.invalid", 250);
    const encrypts = /^250[- ]STARTTLS/im.test(offers);
    if (server.port !== tlsPort && (encrypts || !isThisMachine(server.host))) {
      if (!encrypts)
        throw new UserError(`${where} offers no encryption (STARTTLS)`, {
          mend: "name port 465, or another server",
        });
      await talk.say("STARTTLS", 220);
      await talk.secure(server);
      offers = await talk.say("EHLO switchyard.invalid", 250);
    }
    if (server.login !== undefined) await talk.say(`AUTH PLAIN ${plain(server.login)}`, 235, "AUTH PLAIN");
    await talk.say(`MAIL FROM:<${address(server.from)}>`, 250);
    for (const to of mail.to) await talk.say(`RCPT TO:<${address(to)}>`, 250);
    await talk.say("DATA", 354);
    await talk.say(messageText(server, mail), 250, "the message");
    await talk.say("QUIT", 221).catch(() => undefined);
  } finally {
    signal.removeEventListener("abort", abort);
    talk.end();
  }
}

function isThisMachine(host: string): boolean {
  return host === "127.0.0.1" || host === "localhost";
}

function plain({ user, password }: NonNullable<MailServer["login"]>): string {
  return Buffer.from(`\0${user}\0${password}`).toString("base64");
}

/** @throws UserError for what could end a command early and begin another */
function address(text: string): string {
  if (/^[^\s<>"\\]+@[^\s<>"\\]+$/.test(text)) return text;
  throw new UserError(`${JSON.stringify(text)} is no mail address`);
}

function messageText(server: MailServer, { to, subject, text, key, at }: Mail): string {
  const domain = server.from.split("@").at(-1)!;
  const body = Buffer.from(text).toString("base64").replace(/.{76}/g, "$&\r\n");
  return [
    `From: <${address(server.from)}>`,
    `To: ${to.map((each) => `<${address(each)}>`).join(",\r\n ")}`,
    `Subject: ${encodedWords(subject)}`,
    `Date: ${at.toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${key.replace(/[^\w.-]/g, "-")}@${domain}>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "Auto-Submitted: auto-generated",
    "",
    body,
    ".",
  ].join("\r\n");
}

/** RFC 2047: words of at most 75 characters, their frame and Base64 included. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = "";
  for (const character of text.replace(/\s+/g, " ")) {
    if (Buffer.byteLength(word + character) > encodedWordBytes) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((each) => `=?utf-8?B?${Buffer.from(each).toString("base64")}?=`).join("\r\n ");
}

function open({ host, port, ca }: MailServer, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket: Socket =
      port === tlsPort ? connectTls({ port, ...trust({ host, ca }) }) : connectPlain({ host, port });
    const abort = () => socket.destroy(new Error("given up"));
    signal.addEventListener("abort", abort, { once: true });
    socket.once(port === tlsPort ? "secureConnect" : "connect", () => {
      signal.removeEventListener("abort", abort);
      resolve(socket);
    });
    socket.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new UserError(`the mail server ${host}:${port} cannot be reached (${error.code ?? error.message})`, {
          retriable: true,
        }),
      ),
    );
  });
}

/** An address has no name that a server could be asked for by. */
function trust({ host, ca }: Pick<MailServer, "host" | "ca">): ConnectionOptions {
  return { host, ...(isIP(host) === 0 && { servername: host }), ...(ca !== undefined && { ca }) };
}

/** One line out, one answer in, of as many lines as the server likes. */
class Conversation {
  private received = "";
  private waiting: { resolve(text: string): void; reject(error: unknown): void } | undefined;
  private ended: Error | undefined;

  constructor(
    private socket: Socket,
    private readonly where: string,
  ) {
    this.listen();
  }

  /** @throws UserError when the server answers something else */
  async say(line: string, wanted: number, shown = line): Promise<string> {
    const answered = this.expect(wanted, shown);
    this.socket.write(`${line}\r\n`);
    return answered;
  }

  async expect(wanted: number, what = "the connection"): Promise<string> {
    const answer = await this.answer();
    if (Number(answer.slice(0, 3)) === wanted) return answer;
    throw new UserError(`${this.where} refused ${what}: ${answer.split(/\r?\n/)[0]!.slice(0, 200)}`, {
      retriable: answer.startsWith("4"),
    });
  }

  /** Goes on encrypted, with the same server. */
  async secure({ host, ca }: MailServer): Promise<void> {
    // It would be read as answers of the server that is only known from here on.
    if (this.received !== "")
      throw new UserError(`${this.where} answers in clear what is not asked yet: somebody may stand between`);
    this.socket.removeAllListeners();
    const plainSocket = this.socket;
    this.socket = await new Promise<Socket>((resolve, reject) => {
      const secured = connectTls({ socket: plainSocket, ...trust({ host, ca }) }, () => resolve(secured));
      secured.once("error", (error: NodeJS.ErrnoException) =>
        reject(new UserError(`${this.where} cannot be trusted: ${error.code ?? error.message}`)),
      );
    });
    this.listen();
  }

  end(reason?: unknown): void {
    this.socket.destroy();
    if (reason !== undefined) this.fail(reason as Error);
  }

  private listen(): void {
    this.socket.setEncoding("utf8");
    this.socket.on("data", (text: string) => {
      this.received += text;
      this.hand();
    });
    this.socket.on("error", (error) => this.fail(error));
    this.socket.on("close", () => this.fail(new Error("closed")));
  }

  private answer(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.hand();
      if (this.ended !== undefined) this.fail(this.ended);
    });
  }

  /** An answer is whole with the line that has a space behind its number. */
  private hand(): void {
    const whole = /^(?:\d{3}-.*\r?\n)*\d{3}(?: .*)?\r?\n/.exec(this.received);
    if (whole === null || this.waiting === undefined) return;
    this.received = this.received.slice(whole[0].length);
    this.waiting.resolve(whole[0]);
    this.waiting = undefined;
  }

  private fail(error: Error): void {
    this.ended = error;
    this.waiting?.reject(
      new UserError(`${this.where} ended the conversation`, { retriable: true, cause: error }),
    );
    this.waiting = undefined;
  }
}
