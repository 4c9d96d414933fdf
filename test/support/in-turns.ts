/** The results of the work on each item, in the items' order; no more than so many at once. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  { atOnce, work }: { readonly atOnce: number; readonly work: (item: Item) => Promise<Result> },
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
