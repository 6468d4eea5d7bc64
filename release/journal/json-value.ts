import { z } from "zod";

type Json = z.infer<ReturnType<typeof z.json>>;

/**
 * Any value of JSON in what came out of a text. Only that it is there is asked: what a parser has made is JSON, and to go
 * through a plan of half a megabyte again took longer than to read it.
 */
export const jsonValue = z.custom<Json>((value) => value !== undefined, { error: "Invalid input" });
