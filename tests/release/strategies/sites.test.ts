import { conforms } from "./conformance";
import { StaticWorld } from "./support/sites-world";

// A site with a slot takes seconds: slots.slow.test.ts.
conforms({ name: "a static site", ramps: false, make: StaticWorld.make });
