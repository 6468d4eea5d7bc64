/** A moment as a clock on the wall of some place shows it. */
export interface ZonedTime {
  readonly weekday: "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun";
  /** `2026-11-24`. */
  readonly date: string;
  /** Minutes since midnight by the clock. */
  readonly minutes: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @param timeZone IANA name, such as `America/Los_Angeles` */
export function zonedTime(moment: Date, timeZone: string): ZonedTime {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!;
  return {
    weekday: part("weekday") as ZonedTime["weekday"],
    date: `${part("year")}-${part("month")}-${part("day")}`,
    minutes: Number(part("hour")) * 60 + Number(part("minute")),
  };
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
    weekday: "short",
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
