import "./lean-start";
import { exitCodes } from "./exit";
import { runCli } from "./run-cli";
import { writeFault } from "./write-fault";

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough, such as `| head`, is no fault: what is left of the output has nowhere to go.
    if (error.code === "EPIPE") return;
    process.exitCode ||= exitCodes.refused;
    if (stream === process.stdout)
      process.stderr.write(`The output cannot be written: ${writeFault(error)}\n`);
  });
}

void runCli(process.argv.slice(2)).then((code) => {
  // A command that is done has still failed when its output was lost.
  process.exitCode = code || process.exitCode;
});
