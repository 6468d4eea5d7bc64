import type { AzureLogin } from "../release/clients/azure-login";
import { connectionFailure } from "../release/clients/connection-failure";
import type { HttpAnswer, HttpRequest } from "../release/clients/http";
import { patientExchange } from "../release/clients/patient-exchange";
import { UserError } from "../release/user-error";

const apiVersion = "2023-11-03";

/** What a container is for, in messages. */
export interface ContainerWords {
  /** Such as `The container of records`. */
  readonly what: string;
  readonly mend: string;
}

/** Texts in a container of Blob Storage: things are added and never changed. */
export class TextContainer {
  readonly name: string;

  /** @param address `https://ACCOUNT.blob.core.windows.net/CONTAINER` */
  constructor(
    address: string,
    private readonly login: Pick<AzureLogin, "token">,
    private readonly words: ContainerWords,
    private readonly exchange: (request: HttpRequest) => Promise<HttpAnswer> = patientExchange,
  ) {
    this.name = address.replace(/\/$/, "");
  }

  /** Names of all that is in it. */
  async names(): Promise<string[]> {
    const names: string[] = [];
    let marker = "";
    do {
      const page = await this.page(marker);
      names.push(...[...page.matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, name]) => name!));
      marker = /<NextMarker>([^<]+)<\/NextMarker>/.exec(page)?.[1] ?? "";
    } while (marker !== "");
    return names;
  }

  async read(name: string): Promise<string> {
    const answer = await this.send("GET", `/${name}`);
    if (answer.status !== 200) throw this.refused(`${name} cannot be read`, answer);
    return answer.text;
  }

  /** @returns undefined when none of that name is there. */
  async find(name: string): Promise<string | undefined> {
    const answer = await this.send("GET", `/${name}`);
    if (answer.status === 200) return answer.text;
    if (answer.status === 404 && answer.text.includes("BlobNotFound")) return undefined;
    throw this.refused(`${name} cannot be read`, answer);
  }

  /** @throws UserError when it cannot be written, or another one of that name is there. */
  async add(name: string, text: string): Promise<void> {
    const headers = {
      "x-ms-blob-type": "BlockBlob",
      "content-type": "application/json",
      // Never over another one. Of a repeated PUT the first may have arrived: then it is there, and the same.
      "if-none-match": "*",
    };
    const answer = await this.send("PUT", `/${name}`, headers, text);
    if (answer.status === 409 && (await this.find(name)) === text) return;
    if (answer.status !== 201) throw this.refused(`${name} cannot be written`, answer);
  }

  /**
   * Whether the service itself keeps what is in it from being changed or taken away: by a policy for a time, or a legal hold.
   *
   * @throws UserError when the service does not say
   */
  async isImmutable(): Promise<boolean> {
    const answer = await this.send("GET", "?restype=container");
    if (answer.status !== 200) throw this.refused("does not tell its properties", answer);
    const said = ["x-ms-has-immutability-policy", "x-ms-has-legal-hold"].map((name) => answer.headers[name]);
    if (said.every((value) => value === undefined))
      throw this.fault("does not tell whether it has an immutability policy");
    return said.includes("true");
  }

  /** @throws UserError when it is not there or cannot be used. */
  async require(): Promise<void> {
    await this.page("");
  }

  private async page(marker: string): Promise<string> {
    const next = marker === "" ? "" : `&marker=${encodeURIComponent(marker)}`;
    const answer = await this.send("GET", `?restype=container&comp=list${next}`);
    if (answer.status !== 200) throw this.refused("cannot be listed", answer);
    // A proxy's page is no empty container: what follows from one, such as a chain that begins anew, cannot be taken back.
    if (!/<EnumerationResults[\s>]/.test(answer.text) || !/<\/EnumerationResults>\s*$/.test(answer.text))
      throw this.fault("answers with what is no list of blobs");
    return answer.text;
  }

  private async send(
    method: "GET" | "PUT",
    path: string,
    more: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<HttpAnswer> {
    const headers = {
      authorization: `Bearer ${await this.login.token("storage")}`,
      "x-ms-version": apiVersion,
      ...more,
    };
    try {
      return await this.exchange({ method, url: new URL(`${this.name}${path}`), headers, body });
    } catch (error) {
      const reason = connectionFailure(error);
      if (reason === undefined) throw error;
      throw this.fault(`cannot be reached: ${reason}`, error);
    }
  }

  private refused(what: string, { status, text }: HttpAnswer): UserError {
    const code = /<Code>([^<]+)<\/Code>/.exec(text)?.[1];
    return this.fault(`: ${what}: ${code ?? `status ${status}`}`);
  }

  private fault(what: string, cause?: unknown): UserError {
    const { what: container, mend } = this.words;
    return new UserError(`${container} ${this.name} ${what}`.replace(" :", ":"), { mend, cause });
  }
}
