import { reportFile } from "../task-report";
import { shell } from "./shell";

/** Most that the platform keeps of a report ("Customizing the termination message", Kubernetes). */
const reportCharacters = 4096;

/** Rows `name:value` as one JSON object; numbers stay numbers, also to a comparison. */
const infoAsJson = [
  "sed -nE",
  String.raw`-e 's/\r$//; /^[A-Za-z0-9_.|-]+:/!d; s/["\\]/\\&/g'`,
  // What was replaced until here is no reason to branch.
  "-e 't escaped' -e ': escaped'",
  String.raw`-e 's/^([^:]+):(-?(0|[1-9][0-9]*)(\.[0-9]+)?)$/"\1":\2/; t row'`,
  String.raw`-e 's/^([^:]+):(.*)$/"\1":"\2"/'`,
  "-e ': row'",
  "-e p",
].join(" ");

/**
 * A command that only reads, answered as JSON; redis-cli writes INFO as text whatever it is asked for. The key reaches it by
 * its environment; on a command line every process of the container could read it.
 */
export const redisQuestion: readonly string[] = shell(
  `: "\${QUESTION:?the release asks it}"`,
  'case "$QUESTION" in PING | DBSIZE | "INFO "*) ;; *) echo "not a question that is asked here: $QUESTION" >&2; exit 64 ;; esac',
  `rest="\${REDIS_URL#*://*:}"`,
  `place="\${rest##*@}"`,
  // The key is base64; these three are what an address writes otherwise.
  `REDISCLI_AUTH="$(printf %s "\${rest%@*}" | sed 's/%2B/+/g; s/%2F/\\//g; s/%3D/=/g')"`,
  "export REDISCLI_AUTH",
  'case "$REDIS_URL" in rediss:*) tls=--tls ;; *) tls= ;; esac',
  "set -f",
  // Without -e a refusal ends well.
  `answer="$(redis-cli $tls -h "\${place%:*}" -p "\${place##*:}" -e --json $QUESTION)" || { printf '%s\\n' "$answer" >&2; exit 1; }`,
  `case "$QUESTION" in INFO*) answer="{$(printf '%s\\n' "$answer" | ${infoAsJson} | sed '$!s/$/,/')}" ;; esac`,
  `if [ "\${#answer}" -gt ${reportCharacters} ]; then echo "$QUESTION is answered with \${#answer} characters, and a report holds ${reportCharacters}" >&2; exit 1; fi`,
  `printf '%s\\n' "$answer" > ${reportFile}`,
);
