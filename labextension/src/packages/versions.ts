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

/** Made once: comparing through `localeCompare` is fifty times slower. */
const ORDER = new Intl.Collator('en', { numeric: true });

/** Return the packages in the order asked for. */
export function sorted(
  packages: readonly IPackage[],
  key: SortKey,
  descending: boolean
): IPackage[] {
  const sign = descending ? -1 : 1;
  const compare =
    key === 'size'
      ? (a: IPackage, b: IPackage) => (a.size ?? 0) - (b.size ?? 0)
      : (a: IPackage, b: IPackage) => ORDER.compare(a[key], b[key]);
  return [...packages].sort(
    (a, b) => sign * compare(a, b) || ORDER.compare(a.name, b.name)
  );
}

/** Return those whose name holds `filter`, and which `among` names where it is given. */
export function shown(
  packages: readonly IPackage[],
  filter: string,
  among: ReadonlyMap<string, string> | null = null
): IPackage[] {
  const word = filter.trim().toLowerCase();
  return packages.filter(
    each => each.name.includes(word) && (among === null || among.has(each.name))
  );
}

/** One version that the channels offer. */
export interface IVersion {
  version: string;
  channels: string[];
  builds: number;
}

/** Gather the records of one name by version, newest first. */
export function versionsOf(records: readonly IPackage[]): IVersion[] {
  const byVersion = new Map<string, IPackage[]>();
  for (const each of [...records].reverse()) {
    byVersion.set(each.version, [...(byVersion.get(each.version) ?? []), each]);
  }
  return [...byVersion].map(([version, builds]) => ({
    version,
    channels: [...new Set(builds.map(each => each.channel))],
    builds: builds.length
  }));
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
