import { conflictOf, isReserved, keyFor, type KeyedCommand } from '../../app/keys/keys.ts';

/** Each command once, those everywhere first, then page by page; a command that is offered now and listed as well is one. */
export function keyList<C extends KeyedCommand>(
  offered: readonly C[],
  listed: readonly C[],
): { page: string | null; commands: C[] }[] {
  const byId = new Map([...offered, ...listed].map((command) => [command.id, command]));
  const groups = new Map<string | null, C[]>([[null, []]]);
  for (const command of byId.values())
    groups.set(command.page, [...(groups.get(command.page) ?? []), command]);
  return [...groups]
    .filter(([, commands]) => commands.length > 0)
    .map(([page, commands]) => ({ page, commands }));
}

export type Refusal<C> = { kind: 'reserved' } | { kind: 'conflict'; with: C };

/** Why a command cannot have a key; null when it can. Its first one it can always have back, if no other has it. */
export function refusal<C extends KeyedCommand>(
  command: KeyedCommand,
  key: string,
  all: readonly C[],
  changed: Readonly<Record<string, string>>,
): Refusal<C> | null {
  if (isReserved(key) && key !== command.key) return { kind: 'reserved' };
  const other = conflictOf(command, key, all, changed);
  return other === null ? null : { kind: 'conflict', with: other };
}

/** The user's keys with another one for a command; its first key needs no entry, null takes the key away. */
export function withKey(
  changed: Readonly<Record<string, string>>,
  command: Pick<KeyedCommand, 'id' | 'key'>,
  key: string | null,
): Record<string, string> {
  const { [command.id]: _, ...others } = changed;
  return key === command.key ? others : { ...others, [command.id]: key ?? '' };
}

export const isChanged = (
  command: Pick<KeyedCommand, 'id' | 'key'>,
  changed: Readonly<Record<string, string>>,
): boolean => keyFor(command, changed) !== command.key;
