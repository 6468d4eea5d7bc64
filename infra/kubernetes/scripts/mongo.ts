import { countsEnd } from "../../../runbooks/task-purpose";
import { reportFile } from "../task-report";
import { backupGiven, download, jobName, reportStored, shell, upload } from "./shell";

export interface MongoScripts {
  /** Address of the container of backups, in which variables of the shell are filled. */
  readonly backups: string;
  /** End of an archive's name, without the dot. */
  readonly extension: string;
  /** File of the tools' login, `uri: "…"`: on a command line everything in the container could read it. */
  readonly login: string;
  /** Lines that write that file. @default - it is there */
  readonly prepare?: readonly string[];
  readonly database: string;
  /** Into which a drill restores. */
  readonly drill: string;
}

/** mongosh prints one line of JSON: documents by collection. */
function countScript(login: string): readonly string[] {
  return [
    "cat > /scratch/count.js <<'END'",
    'const { readFileSync } = require("fs");',
    `const [, uri] = /^uri: "(.*)"$/m.exec(readFileSync("${login}", "utf8"));`,
    "const database = connect(uri).getSiblingDB(process.env.COUNTED);",
    'if (process.env.DROPPED === "yes") database.dropDatabase();',
    "const counts = {};",
    "for (const name of database.getCollectionNames().sort())",
    '  if (!name.startsWith("system.")) counts[name] = database.getCollection(name).countDocuments({});',
    "print(JSON.stringify(counts));",
    "END",
    'count() { COUNTED="$1" mongosh --nodb --quiet /scratch/count.js; }',
    'drop() { COUNTED="$1" DROPPED=yes mongosh --nodb --quiet /scratch/count.js > /dev/null; }',
  ];
}

/**
 * The service has no snapshot that a dump and a count could share: counted before and after, between which a restore
 * must lie. Written to a file first: in a pipe the upload of half a dump would succeed.
 */
export function mongoBackup({
  backups,
  extension,
  login,
  prepare = [],
  database,
}: MongoScripts): readonly string[] {
  const archive = `/scratch/$name.${extension}`;
  return shell(
    jobName,
    ...prepare,
    ...countScript(login),
    `before="$(count '${database}')"`,
    `mongodump --config=${login} --db=${database} --gzip --archive="${archive}"`,
    `after="$(count '${database}')"`,
    `mongorestore --config=${login} --gzip --archive="${archive}" --dryRun`,
    `printf '{"source":%s,"sourceAfter":%s}' "$before" "$after" > /scratch/counts.json`,
    upload("/scratch/counts.json", `${backups}/$name${countsEnd}`),
    upload(archive, `${backups}/$name.${extension}`),
    ...reportStored(`${backups}/$name.${extension}`, archive),
  );
}

function restored(
  { backups, extension, login, database }: MongoScripts,
  target: string,
  more: string,
): readonly string[] {
  return [
    download(`${backups}/$BACKUP_NAME.${extension}`, "/scratch/restore.archive"),
    download(`${backups}/$BACKUP_NAME${countsEnd}`, "/scratch/counts.json"),
    `trap 'drop "${target}"' EXIT`,
    // Whatever the archive says, it is written below the target alone.
    `mongorestore --config=${login} --gzip --archive=/scratch/restore.archive --stopOnError${more} --nsInclude='${database}.*' --nsFrom='${database}.*' --nsTo="${target}.*"`,
    `restored="$(count "${target}")"`,
    'counts="$(cat /scratch/counts.json)"',
  ];
}

/** A report beyond this is told shortly; the platform keeps 4,096 bytes of it, and the rest would be no JSON. */
const longReport = 3800;

/**
 * Of more collections than a report can hold those that are not whole stand alone, beside the sum of all. What is restored of
 * each lies between its two counts, so the sum lies between those of the lower and of the higher ones.
 */
const shortScript: readonly string[] = [
  "cat > /scratch/short.js <<'END'",
  "const { source, sourceAfter = source, restored, ...rest } = JSON.parse(process.env.REPORT);",
  "const names = [...new Set([...Object.keys(source), ...Object.keys(restored)])].sort();",
  "const bounds = (name) => [source[name] || 0, sourceAfter[name] || 0].sort((a, b) => a - b);",
  "const isWhole = (name) => restored[name] >= bounds(name)[0] && restored[name] <= bounds(name)[1];",
  "const differing = names.filter((name) => !isWhole(name)).slice(0, 20);",
  "const sum = (of) => names.reduce((all, name) => all + (of(name) || 0), 0);",
  "const told = (of, total) => ({",
  '  ["all " + names.length + " collections"]: total,',
  "  ...Object.fromEntries(differing.filter((name) => name in of).map((name) => [name, of[name]])),",
  "});",
  "print(JSON.stringify({",
  "  source: told(source, sum((name) => bounds(name)[0])),",
  "  sourceAfter: told(sourceAfter, sum((name) => bounds(name)[1])),",
  "  restored: told(restored, sum((name) => restored[name])),",
  "  ...rest,",
  "}));",
  "END",
];

/** @param dropped what the report says, once it is so */
function reported(target: string, dropped: boolean): readonly string[] {
  return [
    ...shortScript,
    `report="$(printf '%s,"restored":%s,"target":"%s","dropped":${dropped}}' "\${counts%\\}}" "$restored" "${target}")"`,
    `if [ "$(printf %s "$report" | wc -c)" -gt ${longReport} ]; then report="$(REPORT="$report" mongosh --nodb --quiet /scratch/short.js)"; fi`,
    `printf '%s\\n' "$report" > ${reportFile}`,
  ];
}

/** Into the drill's database, which is emptied before and dropped after, whatever happens. */
export function mongoProof(scripts: MongoScripts): readonly string[] {
  const { login, prepare = [], drill } = scripts;
  return shell(
    backupGiven,
    ...prepare,
    ...countScript(login),
    `drop '${drill}'`,
    ...restored(scripts, drill, " --drop"),
    `drop '${drill}'`,
    "trap - EXIT",
    ...reported(drill, true),
  );
}

/** Into a new database, which stays; what applications read is switched by the release. */
export function mongoRestore(scripts: MongoScripts): readonly string[] {
  const { login, prepare = [] } = scripts;
  return shell(
    backupGiven,
    jobName,
    'target="$(printf %s "$name" | tr - _)"',
    ...prepare,
    ...countScript(login),
    'if [ "$(count "$target")" != "{}" ]; then echo "the database $target exists already" >&2; exit 1; fi',
    ...restored(scripts, "$target", ""),
    "trap - EXIT",
    ...reported("$target", false),
  );
}

/**
 * A question that only reads, answered as JSON. What may be asked is a closed list; of operations those that say which
 * they are, since an answer has 4,096 characters.
 *
 * @param address environment variable with the address
 */
export function mongoQuestion(address: string, database: string): readonly string[] {
  return shell(
    `: "\${QUESTION:?the release asks it}"`,
    `case "$QUESTION" in 'db.stats()' | 'db.currentOp({ secs_running: { $gte: '[0-9]' } })' | 'db.currentOp({ secs_running: { $gte: '[0-9][0-9]' } })') ;; *) echo "not a question that is asked here: $QUESTION" >&2; exit 64 ;; esac`,
    "cat > /scratch/ask.js <<'END'",
    `const database = connect(process.env.${address}).getSiblingDB("${database}");`,
    'const answer = new Function("db", "return " + process.env.QUESTION)(database);',
    "const shown = (operations) => operations.slice(0, 20).map(({ opid, secs_running, op, ns }) => ({ opid, secs_running, op, ns }));",
    "print(EJSON.stringify(answer.inprog ? { ok: answer.ok, inprog: shown(answer.inprog) } : answer));",
    "END",
    `mongosh --nodb --quiet /scratch/ask.js > ${reportFile}`,
  );
}
