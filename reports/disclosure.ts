import { isSecretName, masked } from "./secret-texts";

/** Properties whose text is chosen from a list or names something, in Azure's and Kubernetes' words. */
const harmlessName =
  /^(?:location|kind|tier|sku|name|family|size|version|image|state|status|type|mode|action|protocol|frequency|interval|schedule|severity|effect)$|(?:Version|Name|Type|Mode|Policy|Tier|Kind|Location|Access|Action|Level|Class|State|Status|Schedule|Zone|Days|Seconds|Minutes|Duration|Window|Frequency|Size)$/;
const harmlessText = /^[\w .,:;/@+()-]{0,160}$/;
const longestText = 16_000;

/**
 * Decides what of the engine's words a report may repeat. Values that stand in clear where a secret belongs are
 * remembered, and taken out of every message, also encoded.
 */
export class Disclosure {
  private readonly known: RegExp | undefined;

  /** @param secrets Texts that no report may repeat. */
  constructor(secrets: Iterable<string> = []) {
    const forms = [...secrets].flatMap((secret) => [
      secret,
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
    ]);
    const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
    if (longestFirst.length > 0) this.known = new RegExp(longestFirst.map(escapeRegExp).join("|"), "g");
  }

  /** A message without what is or looks like a secret, and without its end where it is longer than anybody reads. */
  text(message: string): string {
    // The patterns see more than is kept, so that a secret at the cut is not halved.
    let text = message.length > longestText * 2 ? message.slice(0, longestText * 2) : message;
    if (this.known) text = text.replace(this.known, masked);
    for (const [pattern, replacement] of patterns) text = text.replace(pattern, replacement);
    if (message.length <= longestText) return text;
    const kept = text.slice(0, longestText);
    return `${kept}\n… ${message.length - longestText} more characters`;
  }

  /** Whether a value at a property path may be shown; an absent value may. */
  judge(path: string, value: unknown): "shown" | "secret" | "undisclosed" {
    const names: readonly string[] = path.match(/[^.[\]"]+/g) ?? [];
    const name = names.findLast((part) => !/^\d+$/.test(part)) ?? "";
    return this.judgeValue(name, value, names.includes("tags") || names.includes("labels"));
  }

  private judgeValue(name: string, value: unknown, tag: boolean): "shown" | "secret" | "undisclosed" {
    if (value === undefined || value === null) return "shown";
    if (value === masked || isSecretName(name)) return "secret";
    if (typeof value === "boolean" || typeof value === "number") return "shown";
    if (typeof value === "string") {
      const harmless = (tag || harmlessName.test(name)) && harmlessText.test(value);
      return harmless && this.text(value) === value ? "shown" : "undisclosed";
    }
    if (typeof value !== "object") return "undisclosed";
    const inner = Array.isArray(value) ? value.map((item) => [name, item]) : Object.entries(value);
    const judged = inner.map(([key, item]) => this.judgeValue(key as string, item, tag));
    return judged.find((one) => one === "secret") ?? judged.find((one) => one !== "shown") ?? "shown";
  }
}

const patterns: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, masked],
  [/\b(Bearer|Basic)\s+[\w.~+/-]{12,}=*/gi, `$1 ${masked}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, masked],
  [/(:\/\/[^\s/:@]{1,80}:)[^\s@/]{1,200}@/g, `$1${masked}@`],
  [
    /(password|passwd|pwd|secret|token|account_?key|access_?key|api[-_]?key|\bsig)(["']?=)("[^"\n]*"|'[^'\n]*'|[^\s;,&"'<>]+)/gi,
    `$1$2${masked}`,
  ],
  [
    /(password|passwd|pwd|secret|token|account_?key|access_?key|api[-_]?key)(["']?:\s?)("[^"\n]*"|'[^'\n]*'|(?=[^\s;,&"'<>]*\d)[^\s;,&"'<>]{8,})/gi,
    `$1$2${masked}`,
  ],
  [/\b(?=[A-Za-z0-9+]*[a-z])(?=[A-Za-z0-9+]*[A-Z])(?=(?:[A-Za-z+]*\d){4})[A-Za-z0-9+]{32,}={0,2}/g, masked],
];

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
