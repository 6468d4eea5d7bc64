/** A control of a public catalogue, and the rules that serve it. A rule stands where it truly meets the control's text. */
export interface Control {
  readonly reference: string;
  readonly specification: string;
  readonly rules: readonly string[];
}

export interface Framework {
  readonly name: string;
  readonly version: string;
  readonly controls: readonly Control[];
}
