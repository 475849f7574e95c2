/** Whether every word that was typed is in a title, in any order and in any case. */
export function fits(title: string, typed: string): boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = title.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The entry that an arrow leads to in a list that begins again at its end. */
export function stepInList(at: number, by: 1 | -1, count: number): number {
  return count === 0 ? 0 : (at + by + count) % count;
}
