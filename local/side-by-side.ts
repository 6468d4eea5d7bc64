/**
 * Runs several things at once. When one fails, the others are told to stop and waited for, so that nothing goes on behind
 * the error that is shown.
 *
 * @param signal Ends all of them.
 * @param works Each is given a signal that also ends when another has failed.
 * @throws what the first of them threw that failed
 */
export async function sideBySide<Results extends readonly unknown[]>(
  signal: AbortSignal | undefined,
  ...works: { [Index in keyof Results]: (signal: AbortSignal) => Promise<Results[Index]> }
): Promise<Results> {
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  let first: { readonly error: unknown } | undefined;
  const running = works.map((work: (signal: AbortSignal) => Promise<unknown>) =>
    work(either).catch((error: unknown) => {
      first ??= { error };
      failed.abort(error);
    }),
  );
  const results = await Promise.all(running);
  if (first) throw first.error;
  return results as unknown as Results;
}
