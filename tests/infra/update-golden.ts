import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { environments } from "../../runbooks/model";
import { goldenFile, goldenText } from "./support/golden";
import { render } from "./support/render";
import { stackSettings } from "./support/stack-settings";

/** The only way to change the golden files; a failing test never does. */
async function main(): Promise<void> {
  for (const environment of environments) {
    const file = goldenFile(environment);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, goldenText(await render(stackSettings(environment))));
    console.log(`written: ${file}`);
  }
}

void main();
