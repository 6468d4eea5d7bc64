import { conforms } from "./conformance";
import { SlotsWorld } from "./support/sites-world";

conforms({ name: "a site with a slot", ramps: true, make: SlotsWorld.make });
