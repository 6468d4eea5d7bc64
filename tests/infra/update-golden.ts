import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { environments } from "../../runbooks/model";
import { goldenFile, goldenTexts } from "./support/golden";
import { render } from "./support/render";
import { stackSettings } from "./support/stack-settings";

/** The only way to change the golden files; a failing test never does. */
async function main(): Promise<void> {
  for (const environment of environments) {
    const texts = goldenTexts(await render(stackSettings(environment)));
    rmSync(dirname(goldenFile(environment, "any")), { recursive: true, force: true });
    for (const [system, text] of texts) {
      const file = goldenFile(environment, system);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.log(`written: ${file}`);
    }
  }
}

void main();
