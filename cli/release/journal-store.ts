import { join } from "node:path";
import { blobContainer } from "../../infra/config/common-settings";
import { askedFor } from "../../infra/config/placeholder";
import { parseStackName } from "../../infra/settings";
import { UserError } from "../../local/user-error";
import { AzureLogin } from "../../release/clients/azure-login";
import { containerOf } from "../../release/journal/blob-calls";
import { BlobStore } from "../../release/journal/blob-store";
import { FolderStore } from "../../release/journal/folder-store";
import type { StoreOptions, VerifiableStore } from "../../release/journal/verifiable-store";
import { trustedKeys } from "../attest/trusted-keys";
import { localSigner, operatorSigner } from "../records/operator-key";
import { isLocalStack } from "../stack-files";
import { readStackConfig } from "../stack-settings";
import type { Workspace } from "../workspace";

export const journalSetting = "switchyard:journal";

export interface JournalStoreOptions {
  readonly workspace: Workspace;
  readonly stack: string;
  readonly user: NodeJS.ProcessEnv;
  /** Told of what is passed over, such as a command that cannot be read. */
  readonly warn?: (text: string) => void;
}

/**
 * Where the journals of a stack's releases are: the container that `switchyard:journal` names; of dev without one, the
 * state folder. Key and trust root are looked at when they are needed.
 *
 * @throws UserError when the stack does not say it
 */
export function journalStoreOf({ workspace, stack, user, warn }: JournalStoreOptions): VerifiableStore {
  const given = readStackConfig(workspace, stack)[journalSetting];
  const local = isLocalStack(stack);
  const options: StoreOptions = {
    signer: async () =>
      local ? localSigner(workspace) : operatorSigner(parseStackName(stack).environment, user),
    keys: () => trustedKeys(workspace, stack, "journals"),
    warn,
  };
  if (given === undefined && local) return new FolderStore(join(workspace.stateDir, "releases"), options);
  if (typeof given === "string" && blobContainer.test(given)) {
    return new BlobStore(containerOf(given.replace(/\/$/, ""), new AzureLogin(user)), options);
  }
  const asked = askedFor(given);
  const received =
    given === undefined
      ? "not set"
      : asked === undefined
        ? `${JSON.stringify(given)}, which is no address of a container`
        : `still the placeholder <owner: ${asked}>`;
  throw new UserError(
    `Stack ${stack} does not say where the journals of its releases are: ${journalSetting} is ${received}.`,
    {
      mend: `pulumi config set ${journalSetting} https://ACCOUNT.blob.core.windows.net/CONTAINER --stack ${stack} (docs/release.md).`,
    },
  );
}
