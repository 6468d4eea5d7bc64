import assert from "node:assert/strict";
import { sidesSetting } from "../../infra/config/sides-setting";

const image = (name: string) => `registry.test:5000/shop/${name}@sha256:${"a1".repeat(32)}`;
const whole = { version: "1.4.2", images: { api: image("api"), web: image("web") } };
const { schema, dummy } = sidesSetting(["api", "web"]);
const accepted = (sides: unknown) => schema.safeParse(sides).success;

describe("the setting of sides", () => {
  it("takes one colour or both, and values of a side's own", () => {
    assert.ok(accepted({ blue: whole }));
    assert.ok(accepted({ blue: whole, green: { ...whole, config: { api: { MODE: "new" } } } }));
  });

  it("takes what an offline preview puts for a placeholder", () => {
    assert.ok(accepted({ green: { version: dummy, images: { api: dummy, web: dummy } } }));
  });

  for (const [what, sides] of Object.entries({
    "no colour at all": {},
    "a colour that is neither": { blue: whole, red: whole },
    "a role instead of a colour": { live: whole },
    "an image by tag": { blue: { ...whole, images: { ...whole.images, api: "registry.test/api:1.4.2" } } },
    "an image by tag and a short digest": {
      blue: { ...whole, images: { ...whole.images, api: "registry.test/api:1@sha256:abc" } },
    },
    "a missing component": { blue: { ...whole, images: { api: image("api") } } },
    "a component that is not the system's": {
      blue: { ...whole, images: { ...whole.images, db: image("db") } },
    },
    "values for a component that is not the system's": { blue: { ...whole, config: { db: {} } } },
    "a variable that is none": { blue: { ...whole, config: { api: { "a b": "x" } } } },
    "no version": { blue: { images: whole.images } },
  })) {
    it(`refuses ${what}`, () => assert.ok(!accepted(sides)));
  }
});
