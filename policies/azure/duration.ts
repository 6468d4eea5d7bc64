const pattern = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/;

/** Minutes of an ISO 8601 duration of days, hours and minutes (`PT5M`, `P1D`); undefined for anything else. */
export function minutesOf(duration: string): number | undefined {
  const match = pattern.exec(duration);
  if (!match || /^P?T?$/.test(duration)) return undefined;
  const [days, hours, minutes] = match.slice(1).map((part) => Number(part ?? 0));
  return (days! * 24 + hours!) * 60 + minutes!;
}
