import * as random from "@pulumi/random/randomId";

// Three resources, as in a program that does next to nothing: the engine's own price.
for (const name of ["a", "b", "c"]) new random.RandomId(name, { byteLength: 4 });
