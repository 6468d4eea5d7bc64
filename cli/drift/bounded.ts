/**
 * Does the work of every item, a few at a time; results in the order of the items.
 *
 * @param limit How many are under way at once: Azure counts reads per subscription and minute, and a shared limit is
 *   not ours to use up.
 */
export async function bounded<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
