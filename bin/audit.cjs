#!/usr/bin/env node
"use strict";

// Known vulnerabilities of the production dependencies. High or critical ones fail; where no registry answers the
// question (a mirror without that service, no network) the check is skipped, and says so.
const { spawnSync } = require("node:child_process");
const path = require("node:path");

const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
const run = spawnSync(npm[0], [...npm.slice(1), "audit", "--omit=dev", "--json"], {
  cwd: path.join(__dirname, ".."),
  encoding: "utf8",
  timeout: 60_000,
});

let answer;
try {
  answer = JSON.parse(run.stdout);
} catch {
  answer = { message: run.error ? run.error.message : run.stderr.trim().split("\n").pop() };
}
if (!answer.metadata) {
  const reason = answer.message || answer.error?.summary || "no answer";
  process.stdout.write(`SKIPPED audit of production dependencies: no registry answers it (${reason})\n`);
} else {
  const found = answer.metadata.vulnerabilities;
  process.stdout.write(`audit of production dependencies: ${JSON.stringify(found)}\n`);
  if (found.high + found.critical > 0) {
    for (const [name, entry] of Object.entries(answer.vulnerabilities)) {
      process.stdout.write(`  ${entry.severity} ${name} ${entry.range}\n`);
    }
    process.exitCode = 1;
  }
}
