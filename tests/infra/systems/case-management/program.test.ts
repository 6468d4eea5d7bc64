import assert from "node:assert/strict";
import { environments } from "../../../../runbooks/model";
import { type Rendered, render } from "../../support/render";
import { systemSettings } from "../../support/stack-settings";

for (const environment of environments) {
  describe(`case-management in ${environment}`, function () {
    this.timeout(20_000);
    let rendered: Rendered;
    before(async () => {
      rendered = await render(systemSettings(environment, ["platform", "case-management"]));
    });
    it("x", () => {
      const own = rendered.resources.filter(({ name }) => name.startsWith("case-management"));
      const counts: Record<string, number> = {};
      for (const { type } of own) counts[type] = (counts[type] ?? 0) + 1;
      console.log(environment, own.length, counts);
      assert.ok(own.length > 50);
    });
  });
}
