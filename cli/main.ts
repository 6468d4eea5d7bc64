import { runCli } from "./run-cli";

// A reader that has seen enough, such as `| head`, is no fault: what is left of the output has nowhere to go.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

void runCli(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
