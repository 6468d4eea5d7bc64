/** A moment as a clock on the wall of some place shows it. */
export interface ZonedTime {
  readonly weekday: "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun";
  /** `2026-11-24`. */
  readonly date: string;
  /** Minutes since midnight by the clock. */
  readonly minutes: number;
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const minuteMilliseconds = 60_000;
/** No place has changed its clock within such a stretch but at its beginning. */
const stretchMilliseconds = 15 * minuteMilliseconds;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Offsets by time zone and quarter of an hour: a time zone's rules are asked once for each that it is used for. */
const offsets = new Map<string, Map<number, number>>();
/** Half a year of them. */
const keptStretches = 17_520;

/** @param timeZone IANA name, such as `America/Los_Angeles` */
export function zonedTime(moment: Date, timeZone: string): ZonedTime {
  const local = new Date(moment.getTime() + offsetAt(moment, timeZone));
  return {
    weekday: weekdays[local.getUTCDay()]!,
    date: local.toISOString().slice(0, 10),
    minutes: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
}

function offsetAt(moment: Date, timeZone: string): number {
  const stretch = Math.floor(moment.getTime() / stretchMilliseconds);
  let ofZone = offsets.get(timeZone);
  if (ofZone === undefined || ofZone.size >= keptStretches) {
    ofZone = new Map();
    offsets.set(timeZone, ofZone);
  }
  let offset = ofZone.get(stretch);
  if (offset === undefined) {
    offset = offsetOf(stretch * stretchMilliseconds, timeZone);
    ofZone.set(stretch, offset);
  }
  return offset;
}

/** Milliseconds by which the clocks of a place are ahead of UTC at a moment, which is a whole minute. */
function offsetOf(moment: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!;
  const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
  return local - moment;
}

/** `Tue 2026-11-24 10:00 America/Los_Angeles`. */
export function zonedWords(moment: Date, timeZone: string): string {
  const { weekday, date, minutes } = zonedTime(moment, timeZone);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${weekday} ${date} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)} ${timeZone}`;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formats.set(timeZone, made);
  return made;
}
