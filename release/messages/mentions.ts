/** Ids of Slack by the name that a contract calls somebody: `dba` to `S0123ABCD` of a user group, `U…` or `W…` of a person. */
export const mentionsSetting = "switchyard:slackMentions";

const named = /(?<![\w.@])@([a-z][a-z0-9-]*[a-z0-9])(?![\w@]|\.\w)/g;

export interface SlackText {
  readonly text: string;
  /** Names that nobody is paged by, as no id is known for them. */
  readonly plain: readonly string[];
}

/**
 * A text as Slack wants it: what it would read as a link, a mention or a call to everybody stands there as it was written,
 * and those whom the contract calls by name are mentioned by their ids, as a name alone pages nobody.
 *
 * @param template of the contract: a name that came in with a field calls nobody
 * @param ids value of the setting
 */
export function slackText(text: string, template: string, ids: unknown): SlackText {
  const called = new Set([...template.matchAll(named)].map(([, name]) => name!));
  const plain = new Set<string>();
  const escaped = text.replace(/[&<>]/g, (sign) => escapes[sign]!);
  const mentioned = escaped.replace(named, (whole, name: string) => {
    if (!called.has(name)) return whole;
    const mention = mentionOf(ids, name);
    if (mention === undefined) plain.add(whole);
    return mention ?? whole;
  });
  return { text: mentioned, plain: [...plain] };
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function mentionOf(ids: unknown, name: string): string | undefined {
  if (typeof ids !== "object" || ids === null || !Object.hasOwn(ids, name)) return undefined;
  const id = (ids as Readonly<Record<string, unknown>>)[name];
  if (typeof id !== "string" || !/^[SUW][A-Z0-9]{5,}$/.test(id)) return undefined;
  return id.startsWith("S") ? `<!subteam^${id}>` : `<@${id}>`;
}
