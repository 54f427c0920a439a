/** What a search found, one row per name: pure functions. */
import { IPackage } from '../api/types';

export interface IOffer {
  name: string;
  /** Newest first, as the channels order them. */
  versions: string[];
  channel: string;
  license: string | null;
  /** The version that is installed, empty where none is. */
  installed: string;
}

/** Gather records by name; the newest version is taken from the last record of a name. */
export function offers(
  found: readonly IPackage[],
  installed: readonly IPackage[]
): IOffer[] {
  const there = new Map(installed.map(each => [each.name, each.version]));
  const byName = new Map<string, IPackage[]>();
  for (const each of found) {
    byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
  }
  return [...byName].map(([name, records]) => {
    const newest = [...records].reverse();
    return {
      name,
      versions: [...new Set(newest.map(each => each.version))],
      channel: newest[0].channel,
      license: newest[0].license,
      installed: there.get(name) ?? ''
    };
  });
}

/** What to ask the server for a word typed by a person. */
export function queryFor(word: string): string {
  const text = word.trim();
  return /[\s*=<>![\]]/.test(text) ? text : `*${text}*`;
}

export type SortKey = 'name' | 'version' | 'channel' | 'size';

/** Return the packages whose name holds `filter`, in the order asked for. */
export function shown(
  packages: readonly IPackage[],
  filter: string,
  key: SortKey,
  descending: boolean
): IPackage[] {
  const word = filter.trim().toLowerCase();
  const meant = packages.filter(each => each.name.includes(word));
  const sign = descending ? -1 : 1;
  return meant.sort((a, b) => {
    const left = key === 'size' ? (a.size ?? 0) : a[key];
    const right = key === 'size' ? (b.size ?? 0) : b[key];
    const order =
      typeof left === 'string' && typeof right === 'string'
        ? left.localeCompare(right, 'en', { numeric: true })
        : Number(left) - Number(right);
    return sign * order || a.name.localeCompare(b.name, 'en');
  });
}

/** `1.2 MB`, as the command line says it. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) {
    return `${bytes} B`;
  }
  let value = bytes;
  for (const unit of ['kB', 'MB', 'GB']) {
    value /= 1000;
    if (value < 999.95) {
      return `${value.toFixed(1)} ${unit}`;
    }
  }
  return `${(value / 1000).toFixed(1)} TB`;
}
