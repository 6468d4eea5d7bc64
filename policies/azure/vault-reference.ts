/** A Key Vault reference of an app setting, in either of Azure's two spellings. */
export interface VaultReference {
  readonly vaultName: string;
  readonly secretName: string;
  /** Absent: the newest version, picked up again within a day. */
  readonly version?: string;
}

const byName = /^@Microsoft\.KeyVault\(VaultName=([\w-]+);SecretName=([\w-]+)(?:;SecretVersion=(\w+))?\)$/;
const byUri =
  /^@Microsoft\.KeyVault\(SecretUri=https:\/\/([\w-]+)\.vault\.azure\.net\/secrets\/([\w-]+)(?:\/(\w*))?\/?\)$/;

/** Reads a reference; undefined for anything else, a malformed one included (the platform would hand it on as text). */
export function vaultReference(setting: string): VaultReference | undefined {
  const match = byName.exec(setting) ?? byUri.exec(setting);
  if (!match) return undefined;
  const [, vaultName, secretName, version] = match;
  return { vaultName: vaultName!, secretName: secretName!, ...(version && { version }) };
}
