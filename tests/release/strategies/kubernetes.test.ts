import { conforms } from "./conformance";
import { ColoursWorld } from "./support/colours-world";

conforms({ name: "a selector", ramps: false, make: () => ColoursWorld.make("selector") });
conforms({ name: "the weights of a route", ramps: true, make: () => ColoursWorld.make("gateway") });
