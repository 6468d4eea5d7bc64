/** A shape that only secrets have, and what a message calls it. */
const shapes: readonly { readonly pattern: RegExp; readonly says: string }[] = [
  {
    pattern: /@Microsoft\.KeyVault/i,
    says: "it looks like a vault reference but is none, so it would reach the app as text",
  },
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, says: "it holds a private key" },
  { pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/, says: "it holds a JSON web token" },
  { pattern: /(?:Account|SharedAccess)Key=[^;]/i, says: "it holds an account key" },
  { pattern: /(?:[?&;]|^)sig=[\w%+/=-]{10,}/i, says: "it holds a shared access signature" },
  { pattern: /SharedAccessSignature=/i, says: "it holds a shared access signature" },
  { pattern: /InstrumentationKey=/i, says: "it is an Application Insights connection string" },
  { pattern: /(?:^|;)\s*(?:Password|Pwd)\s*=\s*[^;]/i, says: "it is a connection string with a password" },
  { pattern: /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i, says: "it is an address with a password" },
  {
    pattern: /[?&](?:code|token|key|api[-_]?key|access[-_]?token|client[-_]?secret)=[^&]{8,}/i,
    says: "it is an address with a key",
  },
  {
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\//i,
    says: "it is a webhook, which needs no other credential",
  },
  { pattern: /\bAIza[\w-]{30,}/, says: "it looks like a Google API key" },
  { pattern: /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?\w{16,}/, says: "it looks like an API key" },
  { pattern: /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,})/, says: "it looks like a GitHub token" },
  { pattern: /\bxox[abeprs]-[\w-]{10,}/, says: "it looks like a Slack token" },
];

/** Names under which secrets are kept. Words are compared, so that `MONKEY` and `KEYBOARD` are none of them. */
const secretWords: ReadonlySet<string> = new Set([
  "password",
  "passwd",
  "pwd",
  "passphrase",
  "secret",
  "secrets",
  "token",
  "tokens",
  "key",
  "keys",
  "apikey",
  "accesskey",
  "accountkey",
  "sas",
  "credential",
  "credentials",
  "webhook",
  "connectionstring",
  "connstr",
  "pat",
  "jwt",
]);
const secretPairs = [/\bconnection string\b/, /\bconn str\b/];

/** Settings of the platform whose names sound like secrets, and the values that they may have in clear. */
const harmless: readonly { readonly name: RegExp; readonly value: RegExp }[] = [
  { name: /__credential$/, value: /^managedidentity$/i },
  { name: /^AzureWebJobsSecretStorageType$/, value: /^(?:blob|files|keyvault)$/i },
  { name: /^AzureWebJobsSecretStorageKeyVaultUri$/, value: /^https:\/\/[\w-]+\.vault\.azure\.net\/?$/i },
  { name: /(?:^|_)KEY_?VAULT_(?:NAME|URI|URL|ENDPOINT)$/i, value: /^(?:https:\/\/)?[\w.-]+\/?$/ },
];

/** Why a value is a secret by its shape; undefined when it has no such shape. The answer never repeats the value. */
export function secretShape(value: string): string | undefined {
  const known = shapes.find(({ pattern }) => pattern.test(value));
  if (known) return known.says;
  return looksRandom(value) ? "it looks random, as keys and tokens do" : undefined;
}

/**
 * The same for a text of many words, such as a script or a file, in which digests and names of all kinds look random.
 * A value that the text takes from its surroundings (`$PASSWORD`, `%s`) is none.
 */
export function secretInText(text: string): string | undefined {
  return shapes.find(({ pattern }) => {
    const found = new RegExp(pattern.source.replace(/^\^/, ""), pattern.flags).exec(text);
    return found !== null && !/[$%{]/.test(text.slice(found.index, found.index + found[0].length + 2));
  })?.says;
}

/** Why a setting is a secret by its name; undefined when the name promises none, or the value shows it to be harmless. */
export function nameOfSecret(name: string, value: string): string | undefined {
  const words = wordsOf(name);
  const named =
    words.some((word) => secretWords.has(word)) || secretPairs.some((pair) => pair.test(words.join(" ")));
  if (!named || value === "") return undefined;
  if (harmless.some((exception) => exception.name.test(name) && exception.value.test(value)))
    return undefined;
  return "its name says that it carries a secret";
}

/** `SESSION_SIGNING_KEY`, `sessionSigningKey` and `Session:SigningKey` are the same three words. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}

/**
 * Runs of characters that are taken for keys, by the kinds of characters in them. Fewer kinds need more length and more
 * entropy (bits per character), because words and names have few kinds too: English has about 3 bits at such lengths,
 * `AzureWebJobsFeatureFlags` 3.7, base64 keys above 4.
 */
const keyForms: readonly {
  readonly alphabet: RegExp;
  readonly kinds: number;
  readonly length: number;
  readonly bits: number;
}[] = [
  { alphabet: /^[0-9a-f]+$/i, kinds: 1, length: 32, bits: 3 },
  { alphabet: /^[\w+/-]+$/, kinds: 3, length: 20, bits: 3.8 },
  { alphabet: /^[A-Za-z+/_-]+$/, kinds: 2, length: 28, bits: 4.2 },
  { alphabet: /^[a-z0-9]+$/, kinds: 2, length: 32, bits: 4 },
];

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const digest = /^sha(?:256|384|512)[:-]/;

function looksRandom(value: string): boolean {
  if (digest.test(value)) return false;
  return value
    .split(/[\s,;|]+|:\/\/|[?&]/)
    .flatMap((part) =>
      /^[\w.-]+(?:\/[\w.-]+)+$/.test(part) && !/[A-Z].*\d|\d.*[A-Z]/.test(part) ? part.split("/") : [part],
    )
    .some((part) => !guid.test(part) && isRandomRun(part));
}

/** `The-Quick-Brown-Fox`: words in one case each, or with a capital first. */
const words = /^(?:[A-Z]?[a-z]+|[A-Z]+)(?:[-_](?:[A-Z]?[a-z]+|[A-Z]+))*$/;

function isRandomRun(part: string): boolean {
  const run = part.replace(/=+$/, "");
  if (words.test(run)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(run)).length;
  const bits = entropyBits(run);
  return keyForms.some(
    (form) =>
      run.length >= form.length && kinds >= form.kinds && bits >= form.bits && form.alphabet.test(run),
  );
}

/** Shannon entropy of the characters of a text. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / text.length) * Math.log2(count / text.length),
    0,
  );
}
