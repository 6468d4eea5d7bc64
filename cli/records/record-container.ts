import type { AzureLogin } from "../../release/clients/azure-login";
import type { HttpAnswer, HttpRequest } from "../../release/clients/http";
import { TextContainer } from "../text-container";
import { type RecordPlace, recordsOf } from "./record-place";

const words = {
  what: "The container of records",
  mend: "Whoever runs this needs Storage Blob Data Contributor on the container that switchyard:records names, and a way to it (docs/records.md).",
};

/** Records in a container of Blob Storage, whose immutability policy keeps them from being changed or deleted. */
export class RecordContainer extends TextContainer implements RecordPlace {
  /** @param address `https://ACCOUNT.blob.core.windows.net/CONTAINER` */
  constructor(
    address: string,
    login: Pick<AzureLogin, "token">,
    exchange?: (request: HttpRequest) => Promise<HttpAnswer>,
  ) {
    super(address, login, words, exchange);
  }

  async looseness(): Promise<string | undefined> {
    if (await this.isImmutable()) return undefined;
    return "it has no immutability policy: whoever may write there can take the newest records away, and nothing would show it (docs/records.md)";
  }

  async list(stack: string): Promise<string[]> {
    return recordsOf(stack, await this.names());
  }
}
