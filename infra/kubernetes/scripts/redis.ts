import { reportFile } from "../task-report";
import { shell } from "./shell";

/**
 * A command that only reads, answered as JSON. The key reaches redis-cli by its environment; on a command line every
 * process of the container could read it.
 */
export const redisQuestion: readonly string[] = shell(
  `: "\${QUESTION:?the release asks it}"`,
  'case "$QUESTION" in PING | DBSIZE | INFO | "INFO "*) ;; *) echo "not a question that is asked here: $QUESTION" >&2; exit 64 ;; esac',
  `rest="\${REDIS_URL#*://*:}"`,
  `place="\${rest##*@}"`,
  // The key is base64; these three are what an address writes otherwise.
  `REDISCLI_AUTH="$(printf %s "\${rest%@*}" | sed 's/%2B/+/g; s/%2F/\\//g; s/%3D/=/g')"`,
  "export REDISCLI_AUTH",
  'case "$REDIS_URL" in rediss:*) tls=--tls ;; *) tls= ;; esac',
  "set -f",
  `redis-cli $tls -h "\${place%:*}" -p "\${place##*:}" --json $QUESTION > ${reportFile}`,
);
