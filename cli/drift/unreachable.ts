import { UserError as LocalError } from "../../local/user-error";
import { UserError } from "../../release/user-error";

/** How often the same failure in a row says that nobody is there at all. */
const enough = 4;

/**
 * Turns failures to read into reasons. When the same one comes again and again nothing more is asked: hundreds of
 * resources of a cloud that is not there would otherwise each wait for their own time-out.
 */
export class Patience {
  private last: string | undefined;
  private times = 0;

  /** @returns what was read, or why it was not */
  async ask<T>(read: () => Promise<T>): Promise<{ readonly value: T } | { readonly reason: string }> {
    if (this.times >= enough) return { reason: this.last! };
    try {
      const value = await read();
      this.times = 0;
      return { value };
    } catch (error) {
      if (!(error instanceof UserError || error instanceof LocalError)) throw error;
      const reason = error.mend === undefined ? error.message : `${error.message} (${error.mend})`;
      this.times = reason === this.last ? this.times + 1 : 1;
      this.last = reason;
      return { reason };
    }
  }
}
