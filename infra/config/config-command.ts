interface SetOptions {
  readonly stack: string;
  /** As the shell takes it. @default - the command asks for it */
  readonly value?: string;
  /** Asked for without an echo and kept encrypted, so that it stands in no history. @default false */
  readonly secret?: boolean;
}

/**
 * The command with which somebody sets a setting of a stack.
 *
 * @param key such as `switchyard:owner`; an entry of a map or list with its path: `tesoro-xp:alertEmails[0]`
 */
export function setConfigCommand(key: string, { stack, value, secret = false }: SetOptions): string {
  // Without --path the engine takes dots and brackets for a part of the name; shells expand brackets.
  const named = /[.[]/.test(key) ? `--path '${key}'` : key;
  const words = ["pulumi config set", ...(secret ? ["--secret"] : []), named, value, `--stack ${stack}`];
  return words.filter((word) => word !== undefined).join(" ");
}
