import { conforms } from "./conformance";
import { SlotsWorld, StaticWorld } from "./support/sites-world";

conforms({ name: "a site with a slot", ramps: true, make: SlotsWorld.make });
conforms({ name: "a static site", ramps: false, make: StaticWorld.make });
