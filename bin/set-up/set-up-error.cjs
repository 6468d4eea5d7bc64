"use strict";

/** Something that the user can mend, printed without a stack: what is wrong, and what to do about it. */
class SetUpError extends Error {
  constructor(message, mend) {
    super(message);
    this.name = "SetUpError";
    this.mend = mend;
  }
}

module.exports = { SetUpError };
